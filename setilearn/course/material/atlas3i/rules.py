"""Lesson 15: what its exercises ask for as functions, and the cases on which they are tried."""

import numpy as np

AU_M, PARSEC_M = 1.495979e11, 3.0857e16


def in_all_ons(snr, least):
    ons = snr[:, 0::2]
    return (ons >= least).all(axis=1)


def in_no_off(snr, below):
    offs = snr[:, 1::2]
    return (offs < below).all(axis=1)


def in_a_band(frequency_mhz, bands):
    inside = np.zeros(len(frequency_mhz), bool)
    for low_mhz, high_mhz in bands:
        inside = inside | ((frequency_mhz >= low_mhz) & (frequency_mhz <= high_mhz))
    return inside


def eirp_limit_w(distance_m, snr, drift_hz_s):
    channels = max(1, abs(drift_hz_s) * 18.25 / 2.79)
    flux_w_m2 = channels * snr * 10e-26 * np.sqrt(2.79 / (2 * 300))
    return 4 * np.pi * distance_m**2 * flux_w_m2


def plan_hours(n_scans, network_gb_s, core_gb_s, n_cores):
    n_gb = n_scans * 10.2
    fetch_h = n_gb / network_gb_s / 3600
    search_h = n_gb / (core_gb_s * n_cores) / 3600
    return fetch_h, search_h, max(fetch_h, search_h)


# Six scans A B A C A D, one row a signal.
SNR = np.array(
    [
        [20.0, 1.0, 18.0, 2.0, 25.0, 0.5],  # as one hopes for
        [20.0, 1.0, 3.0, 2.0, 25.0, 0.5],  # missing in the second ON
        [20.0, 1.0, 18.0, 9.0, 25.0, 0.5],  # in one OFF as well
        [2.0, 30.0, 1.0, 30.0, 3.0, 30.0],  # in the OFFs alone
        [30.0, 30.0, 30.0, 2.0, 3.0, 1.0],  # in the first half
        [8.0, 4.0, 8.0, 3.9, 8.0, 1.0],  # on the limits
        [9.0, -15.0, 10.0, 2.0, 8.5, -9.0],  # noise below its mean
        [7.9, 30.0, 30.0, 30.0, 30.0, 30.0],
        [40.0, 9.0, 40.0, 8.0, 40.0, 7.0],
    ]
)
BANDS = np.array([[1525.0, 1559.0], [1616.0, 1626.5], [2180.0, 2200.0]])
FREQUENCIES_MHZ = np.array([1149.9, 1525.0, 1540.0, 1600.6, 1615.7, 1619.4, 1626.5, 2193.7, 12_350.2])
LIMITS = [(1.798 * AU_M, 16, 0.0), (1.798 * AU_M, 10, 0.1), (1.30 * PARSEC_M, 16, -4.0), (1.0, 25, 1.0)]
PLANS = [(366, 0.125, 0.5, 1), (6, 1.25, 0.5, 1), (366, 0.0125, 0.25, 16), (60, 2.0, 0.1, 8)]
