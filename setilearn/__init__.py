"""setilearn: learn to search for extraterrestrial technology in radio-telescope data.

The map of the package, in the order in which data flow through it:

- `setilearn.spectrogram`: `Header` and `Spectrogram`, the one thing that flows
- `setilearn.observe`: where spectrograms come from (files, simulation, real data sets)
- `setilearn.search`: from spectrograms to hits, and from hits to events
- `setilearn.learn`: from hits to pictures, and from pictures to labels
- `setilearn.database`: hits, events and reviews behind one URL
- `setilearn.distributed`: the same search over many files, on one machine or on Spark
- `setilearn.show`: every picture, still or interactive
- `setilearn.course`: what makes a notebook a lesson (blanks, checks, hints, progress)

The public names below are loaded when they are first used, so that ``import setilearn`` is quick.
"""

from importlib import import_module

__version__ = "0.1.0"

_PUBLIC = {
    "errors": [
        "CadenceError",
        "ClassifierError",
        "DatabaseError",
        "DatasetError",
        "DistributedError",
        "FilterbankError",
        "HitsError",
        "ImageError",
        "NoiseError",
        "SearchError",
        "SetilearnError",
        "SpectrogramError",
        "VoltageError",
    ],
    "spectrogram": ["Header", "Spectrogram"],
    "observe.filterbank": [
        "data_product",
        "iter_spectrograms",
        "read_header",
        "read_part",
        "read_spectrogram",
        "write_spectrogram",
    ],
    "observe.simulate": ["add_tone", "simulate_noise"],
    "observe.signals": [
        "add_broadband_rfi",
        "add_dc_spike",
        "add_gps_band",
        "add_intermittent_tone",
        "add_pulse",
        "add_squiggle",
    ],
    "observe.sky": ["simulate_cadence"],
    "observe.bands": ["known_bands"],
    "observe.survey": ["simulate_survey", "survey_scans"],
    "observe.kinds": ["simulate_kinds", "true_lines"],
    "observe.voltages": [
        "channelize",
        "prototype_filter",
        "read_raw_header",
        "read_voltages",
        "simulate_voltages",
    ],
    "observe.datasets": ["DatasetWarning", "fetch"],
    "noise": ["bandpass", "estimate_noise", "flatten"],
    "search.hits": ["false_alarms", "find_hits"],
    "search.tree": ["brute_force", "taylor_tree"],
    "search.drift": ["search_drift"],
    "search.cadence": [
        "cadence_differences",
        "filter_cadence",
        "on_off_ratio",
        "subtract_off",
    ],
    "search.rfi": [
        "filter_survey",
        "join_observations",
        "rank_events",
        "remove_common",
        "rfi_occupancy",
        "sky_bunching",
    ],
    "search.recovery": ["completeness", "inject_tones", "match_hits"],
    "search.dat": ["read_dat", "write_dat"],
    "search.hit_files": ["export_hits", "read_hits"],
    "database": [
        "import_dat",
        "iter_hit_columns",
        "load_events",
        "load_hits",
        "load_observations",
        "load_reviews",
        "open_database",
        "save_cadence",
        "save_hits",
        "save_review",
    ],
    "learn.cut": ["cut_images"],
    "learn.image_files": ["read_image_csv", "write_image_csv"],
    "learn.images": ["ImageSet", "simulate_images", "split_images", "true_tracks"],
    "learn.hit_power": ["cut_power", "hits_and_power", "strongest_hits"],
    "learn.features": ["image_features", "scale_features"],
    "learn.clusters": ["cluster_images", "on_off_scores", "rank_outliers", "typical_images"],
    "learn.align": ["AlignedSet", "align_images"],
    "learn.classifier": [
        "Classifier",
        "calibrate",
        "classify_stream",
        "evaluate",
        "load_classifier",
    ],
    "learn.networks": ["aligned_network", "build_classifier", "course_network"],
    "learn.batches": ["AlignedBatches"],
    "learn.metrics": ["Evaluation"],
    "learn.matched": ["matched_filter"],
    "distributed": ["DistributedWarning", "search_files", "start_spark"],
    "show.waterfall_plots": ["plot_bandpass", "plot_cadence", "plot_spectrum", "plot_waterfall"],
    "show.image_plots": ["plot_bow", "plot_class_histograms", "plot_grey_scale", "plot_images"],
    "show.cluster_plots": ["plot_clusters", "plot_outliers", "plot_pieces"],
    "show.survey_plots": ["plot_hits", "plot_occupancy", "plot_sky"],
    "show.training_plots": [
        "plot_accuracy",
        "plot_alarms",
        "plot_confusion",
        "plot_history",
        "plot_learning_curves",
        "plot_rates",
        "plot_reliability",
    ],
    "show.live_curve": ["LiveCurve"],
    "show.explorer": ["explore"],
    "show.hit_explorer": ["explore_hits"],
    "show.scaling_plots": ["plot_speed_up", "plot_tasks"],
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'setilearn' has no attribute {name!r}")
    value = getattr(import_module(f"setilearn.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))
