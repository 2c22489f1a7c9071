"""The registry of the real data sets: what each is, where it is published, and how to know it again."""

import difflib
from dataclasses import dataclass
from pathlib import PurePosixPath

from setilearn.errors import DatasetError


@dataclass(frozen=True)
class StandIn:
    """What is simulated where Voyager's file cannot be had: ``n_chan`` channels around ``centre_mhz``.

    ``centre_mhz`` None means where `setilearn.simulate.voyager.simulate_voyager` puts them.
    """

    n_chan: int
    centre_mhz: float | None = None


@dataclass(frozen=True)
class Dataset:
    """A published file: what it is, in a sentence (``about``), and how to know it again.

    ``n_bytes`` and ``sha256`` are None where unknown, ``address`` where only mirrors have the file,
    at their ``mirror_path``. What is part of another data set, ``cut_from``, can be cut out of that one.
    """

    name: str
    mirror_path: str
    n_bytes: int | None
    sha256: str | None
    licence: str
    about: str
    address: str | None = None
    stand_in: StandIn | None = None
    cut_from: str | None = None

    @property
    def file_name(self):
        """Name of the file in the cache, the last part of ``mirror_path``."""
        return PurePosixPath(self.mirror_path).name

    @property
    def size(self):
        """Size in words, such as ``50.5 MB``."""
        if self.n_bytes is None:
            return "unknown"
        return f"{self.n_bytes / 1e6:.1f} MB" if self.n_bytes >= 1e6 else f"{self.n_bytes / 1e3:.1f} kB"


def _github(repository, commit, path):
    return f"https://raw.githubusercontent.com/{repository}/{commit}/{path}"


def _github_lfs(repository, commit, path):
    return f"https://media.githubusercontent.com/media/{repository}/{commit}/{path}"


def _cut_out(line, frequency_mhz, n_chan, centre_mhz, sha256):
    name = f"voyager1_{line.split()[-1]}"
    return Dataset(
        name if line == "carrier" else f"{name}_{frequency_mhz:.4f}".replace(".", "_"),
        f"voyager1_2016/{name}_{frequency_mhz:.4f}.fil",
        283 + 16 * n_chan * 4,  # header and 16 integrations of float32
        sha256,
        "MIT",
        f"Cut-out of the Voyager 1 recording of 2016 at its {line}, {frequency_mhz:.4f} MHz, header rebuilt.",
        stand_in=StandIn(n_chan, centre_mhz),
        cut_from="voyager1",
    )


def _cadence_scan(scan, seconds, kind, dat_bytes, dat_sha256, sha256=None):
    stem = f"single_coarse_guppi_59046_{seconds}_DIAG_VOYAGER-1_{scan}.rawspec.0000"
    where = "on Voyager 1" if kind == "ON" else "off Voyager 1, for comparison"
    return [
        Dataset(
            f"voyager1_2020_{scan}",
            f"voyager1_2020/{stem}.h5",
            None,
            sha256,
            "none stated",
            f"Scan {scan} of the Voyager 1 cadence of 2020, {where} ({kind}), high frequency resolution.",
            f"http://bldata.berkeley.edu/voyager_2020/single_coarse_channel/{stem}.h5",
        ),
        Dataset(
            f"voyager1_2020_{scan}_dat",
            f"voyager1_2020_turboseti_dat/{stem}.dat",
            dat_bytes,
            dat_sha256,
            "none stated",
            f"Hits that turbo_seti found in scan {scan} ({kind}) of that cadence.",
            _github("2xwlll/turboSETImidres", "59cee3ecda96b0c459b545da4f820d6d86185064", f"{stem}.dat"),
        ),
    ]


def _parkes(bits, commit, n_bytes, sha256):
    file_name = "parkes_8bit_1.fil" if bits == 8 else f"parkes_{bits}bit.fil"
    return Dataset(
        f"parkes_{bits}bit",
        f"parkes_crab/{file_name}",
        n_bytes,
        sha256,
        "MIT",
        f"Crab pulsar, Parkes, high time resolution: 4096 x 832, 4 MHz x 512 us, {bits} bit a sample.",
        _github("FRBs/sigpyproc3", commit, f"tests/data/{file_name}"),
    )


def _basic4(part, what, n_bytes, sha256):
    n_images = {"train": 3200, "validation": 800}[part]
    about = {
        "images": f"{n_images} images of 64 x 128, one a row",
        "labels": f"one-hot labels of the {n_images} images",
    }[what]
    return Dataset(
        f"basic4_{part}_labels" if what == "labels" else f"four_class_{part}_images",
        f"basic4/{part}_{what}.csv",
        n_bytes,
        sha256,
        "none stated",
        f"Four-class set (simulated signals, 2017), {part} part: {about}.",
        _github_lfs(
            "devanshdhrafani/Radio-Signal-Classification-CNN",
            "d9a3dc228e74e96be3c626decb83d99814513ad1",
            f"dataset/{part}/{what}.csv",
        ),
    )


_ALL = [
    Dataset(
        "voyager1",
        "voyager1_2016/Voyager1.single_coarse.fine_res.h5",
        50_549_227,
        "c9a9a54f4140e3754ffb2455fae4eeb2eb70c8207123116ee953e4fce15c36ac",
        "none stated",
        "Voyager 1 seen by the Green Bank Telescope in X band, high frequency resolution, 2016.",
        "http://blpd0.ssl.berkeley.edu/Voyager_data/Voyager1.single_coarse.fine_res.h5",
        StandIn(2**20),
    ),
    Dataset(
        "voyager1_fil",
        "voyager1_2016/Voyager1.single_coarse.fine_res.fil",
        67_109_246,
        "49af50577e136d6e1184e1709fda54d1f48562290df34aa5ed5df34e96e2baf7",
        "none stated",
        "The same recording of Voyager 1 as a SIGPROC file.",
        "http://blpd0.ssl.berkeley.edu/Voyager_data/Voyager1.single_coarse.fine_res.fil",
        StandIn(2**20),
    ),
    _cut_out(
        "carrier",
        8419.2970,
        116,
        8419.296980,
        "6807f82acc067a4fa447855f7af0b5abfb4a03412fee03e99c907ab07f298e93",
    ),
    _cut_out(
        "lower sideband",
        8419.2744,
        118,
        8419.274324,
        "e33c6b08c5df2c1329a7aa62fdd75059b410f263d9e8594b1f16fc5d1dd2c753",
    ),
    _cut_out(
        "lower sideband",
        8419.2747,
        117,
        8419.274643,
        "6bfc199b3d362a7cb58183e5504292ea87998bedff9133913ea4fe508e8995dc",
    ),
    _cut_out(
        "upper sideband",
        8419.3194,
        118,
        8419.319318,
        "49c3421665f83f9615c8b9f0f061045469eb559ae5e13f22ce1b091a62c09958",
    ),
    _cut_out(
        "upper sideband",
        8419.3197,
        115,
        8419.319637,
        "d64f88ec11700c20d7360eccd8a82443378580e99396cc01d1b7e05a84c9f739",
    ),
    Dataset(
        "voyager1_cutouts",
        "voyager1_2016/voyager1_cutouts.npz",
        40_964,
        "87c66093ca041744b55187a92fd7600aeaaf76ed3647ec445644e888b36f9edb",
        "MIT",
        "The five cut-outs of the 2016 recording of Voyager 1 as NumPy arrays.",
    ),
    Dataset(
        "voyager1_turbo_seti",
        "voyager1_2016/voyager1_turbo_seti.dat",
        908,
        "a0ad3d4cc486e426503e65922872a599f3e51030b2f2bcd41636693de1acfafa",
        "Apache-2.0",
        "Hits that turbo_seti found in the 2016 recording of Voyager 1.",
        _github(
            "ares0311/2026-Technosignature-Search",
            "b0ca3bba58ec0746ddcb4400fb58483617bef8e4",
            "data/bl_hits/voyager1_hits.dat",
        ),
    ),
    *_cadence_scan(
        "0011",
        80036,
        "ON",
        967,
        "74e5c1acc584e576eac738944243981e8da960f05e0b0f05164bbdd146cf84f1",
        sha256="a4f9d9da015b4d45054ef91a1d95dc27138e495d887f595970c13828a76c9412",
    ),
    *_cadence_scan(
        "0012", 80354, "OFF", 599, "c580fa0a578d48aa1e02b0077f12968ad271b9071e8d616eff60495d2d07bbbb"
    ),
    *_cadence_scan(
        "0013", 80672, "ON", 961, "9a8a2b955845be2d11b9bb2fbc15e2c42f2d7e1bfe4e7ab35d5fc32312b0831a"
    ),
    *_cadence_scan(
        "0014", 80989, "OFF", 598, "3ace31d34a359ed685f7bee5d04406476350d04fe69a8ad484452a84cc8d1f29"
    ),
    *_cadence_scan(
        "0015", 81310, "ON", 964, "97217a67654d236749a89e17499f1f6436ab1180932b4297c420472d3cc9c19e"
    ),
    *_cadence_scan(
        "0016", 81628, "OFF", 599, "8e393ced1ffa1dcc4c51b06acb43c23123a82b31c755dd8fa792643ff5d98e25"
    ),
    Dataset(
        "gbt_sgr_b2",
        "gbt_sgr_b2/sample.fil",
        131_466,
        "ee0ed0df43990a4653a05eed914401836c0a0de154897afa2c05ddd7f8128ea5",
        "MIT",
        "Receiver noise of the Green Bank Telescope in C band, 6664 MHz: 32 x 1024, 1.397 Hz x 1.43 s.",
        _github("bbrzycki/setigen", "31343808fea4de7a2b051a66f4f7f1e2b4386ee9", "setigen/assets/sample.fil"),
    ),
    _parkes(
        1,
        "646113e966657823ee80b9cae6206ac85fa1f9ff",
        426_335,
        "48b3b29fd97f58b08be39f02449034a69df215d726b20a7c0b7ff0133ee81850",
    ),
    _parkes(
        2,
        "d3ed413d8c0f1dabd3f682b4032cf2153f5cdace",
        852_319,
        "f0bb6f11caf620c83d35abb10355417b9254dd013b834336b6ee9a64cc742f92",
    ),
    _parkes(
        4,
        "646113e966657823ee80b9cae6206ac85fa1f9ff",
        1_704_287,
        "0aa1d10d7b94fd4f1257d3a4b22d477c82825e78ecc95fea4883e74b65e11603",
    ),
    _parkes(
        8,
        "45e3a597e8454f6d5a4393f33a85334f65614394",
        3_408_223,
        "3b7ac44e3a48374757a1c5980854fb20c8cf74e59d94cca71a6ecae21ddc0850",
    ),
    Dataset(
        "basic4_images",
        "basic4/basic4_exact_uint8.npz",
        112_474,
        "fc04720e78e22b6dfac26f6ef72e356d50005d8cf5eebb12e14305f1afe6e9d8",
        "Apache-2.0",
        "17 images of the four-class set in their original 8 bits, without labels.",
    ),
    _basic4("train", "labels", 115_200, "072c3f7d856a5166c68b68e7ab34442199c2e55ff4f3e744df9768ad6b2453da"),
    _basic4(
        "validation", "labels", 28_800, "7acda77c3187a22ecf7afa7194b8655aa317e88cf2c4f305b79319ad45fa8d26"
    ),
    _basic4(
        "train", "images", 235_929_600, "8d6b7b6b59a15856ba27411ab9cb46c3b5f53ef867e0383e241c31810a017fc6"
    ),
    _basic4(
        "validation", "images", 58_982_400, "283ed32d6af34c96f10557ccd219aa85d49b22f1d496059a5d9ef32cbd2fbb23"
    ),
]

DATASETS = {dataset.name: dataset for dataset in _ALL}


def look_up(name):
    """The `Dataset` of that name. Raises `DatasetError`, with the names that come close, if there is none."""
    if name in DATASETS:
        return DATASETS[name]
    close = difflib.get_close_matches(str(name), DATASETS, n=4)
    hint = f"did you mean {' or '.join(close)}?" if close else f"the names are {', '.join(DATASETS)}"
    raise DatasetError(f"expected the name of a data set, found {name!r}: {hint}")
