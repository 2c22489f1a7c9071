"""The ON/OFF rule, to be read: what `setilearn.events.cadence.filter_cadence` does, hit by hit."""

SECONDS_PER_DAY, HZ_PER_MHZ = 86400.0, 1e6


def apart_hz(one, other, share: float = 0.5) -> float:
    """How far apart two hits are, each carried along its drift to where they should meet."""
    seconds = (other.tstart_mjd - one.tstart_mjd) * SECONDS_PER_DAY
    one_hz = one.drift_hz_s * seconds * share
    other_hz = -other.drift_hz_s * seconds * (1 - share)
    return abs((one.frequency_mhz - other.frequency_mhz) * HZ_PER_MHZ + one_hz - other_hz)


def meet(one, other, places: int, share: float = 0.5) -> bool:
    """Whether two hits lie on one track: within their width for each frequency and each scan in between."""
    return apart_hz(one, other, share) <= max(one.width_hz, other.width_hz) * (2 + places)


def cadence_groups(scans, pattern: str = "ABACAD") -> list[tuple[str, dict]]:
    """Verdict and members, {place of the scan: row label}, of each group of hits on one track.

    ``scans`` are tables of hits in order of time, one for each letter of ``pattern``; A is ON.

    1. Join a group to a hit of a later ON scan where each is the nearest of the other and they meet. The
       next scan comes first; what finds nothing there may skip it. A hit that is left begins a group.
    2. Ask each OFF scan for a hit on the track of the group's member that is nearest in time.
    3. Judge by the number of ON and OFF scans.
    """
    scans = [list(scan.itertuples()) for scan in scans]
    ons = [place for place, letter in enumerate(pattern) if letter == "A"]
    groups = []
    for place in ons:  # 1.
        left = scans[place]
        for earlier in [on for on in ons if on < place][::-1]:
            waiting = [group for group in groups if max(group) == earlier]
            for group in waiting:
                hit = min(left, key=lambda hit: apart_hz(group[earlier], hit), default=None)
                back = min(waiting, key=lambda other: apart_hz(other[earlier], hit)) if hit else None
                if back is group and meet(group[earlier], hit, place - earlier):
                    group[place] = hit
            left = [hit for hit in left if not any(group.get(place) is hit for group in waiting)]
        groups += [{place: hit} for hit in left]
    for group in groups:  # 2.
        members = list(group)  # those of OFF scans are no members
        for off in [place for place in range(len(scans)) if place not in ons]:
            nearest = min(members, key=lambda place: (abs(place - off), place))
            for share in (0.5, 1.0):
                hit = min(scans[off], key=lambda hit: apart_hz(group[nearest], hit, share), default=None)
                if hit and off not in group and meet(group[nearest], hit, abs(nearest - off), share):
                    group[off] = hit
    return [(verdict(group, ons), {place: group[place].Index for place in sorted(group)}) for group in groups]


def verdict(group, ons) -> str:
    n_on = sum(place in ons for place in group)
    if len(group) > n_on:
        return "also in OFF"
    return "event" if n_on == len(ons) else "in one ON only" if n_on == 1 else f"in {n_on} of {len(ons)} ONs"
