"""The survey filter, to be read: what `setilearn.events.interference.remove_common` does, pair by pair."""

HZ_PER_MHZ = 1e6


def in_no_other_star(hits, tolerance_hz: float = 1000.0, scan_s: float = 300.0) -> list:
    """Labels of the rows of a table of hits that have none of another source near them.

    1. A hit passes through all frequencies from where it starts to where its drift takes it in a scan. With
       the tolerance to either side that is its reach.
    2. A hit is common, and goes, if a hit of another source, at whatever time, starts within its reach.
    3. What remains may be from its star, or of a transmitter that was on for once.
    """
    remaining = []
    for hit in hits.itertuples():
        # 1.
        end_mhz = hit.frequency_mhz + hit.drift_hz_s * scan_s / HZ_PER_MHZ
        low_mhz = min(hit.frequency_mhz, end_mhz) - tolerance_hz / HZ_PER_MHZ
        high_mhz = max(hit.frequency_mhz, end_mhz) + tolerance_hz / HZ_PER_MHZ

        # 2.
        common = False
        for other in hits.itertuples():
            if other.source_name != hit.source_name and low_mhz <= other.frequency_mhz <= high_mhz:
                common = True
                break

        # 3.
        if not common:
            remaining.append(hit.Index)
    return remaining
