"""Every public name and its home: editors read it, and `setilearn/__init__.py` loads names by it."""

# What goes wrong
from .errors import (
    CadenceError as CadenceError,
    ClassifierError as ClassifierError,
    DatabaseError as DatabaseError,
    DatasetError as DatasetError,
    DistributedError as DistributedError,
    FilterbankError as FilterbankError,
    HeaderWarning as HeaderWarning,
    HitsError as HitsError,
    ImageError as ImageError,
    LostDataWarning as LostDataWarning,
    NoiseError as NoiseError,
    SearchError as SearchError,
    SetilearnError as SetilearnError,
    SpectrogramError as SpectrogramError,
    VoltageError as VoltageError,
)

# The one thing that flows, the telescope that it belongs to, and its noise
from .spectrogram import Header as Header, Spectrogram as Spectrogram
from .telescope import data_product as data_product, known_bands as known_bands
from .noise import bandpass as bandpass, estimate_noise as estimate_noise, flatten as flatten

# Files and voltages to spectrograms
from .read.filterbank import (
    iter_spectrograms as iter_spectrograms,
    read_header as read_header,
    read_part as read_part,
    read_spectrogram as read_spectrogram,
    write_spectrogram as write_spectrogram,
)
from .read.guppi import read_raw_header as read_raw_header, read_voltages as read_voltages
from .polyphase import channelize as channelize

# Published data sets
from .archive.fetch import DatasetWarning as DatasetWarning, fetch as fetch

# Made up, with the truth
from .simulate.noise import simulate_noise as simulate_noise
from .simulate.tones import (
    add_intermittent_tone as add_intermittent_tone,
    add_squiggle as add_squiggle,
    add_tone as add_tone,
)
from .simulate.interference import (
    add_broadband_rfi as add_broadband_rfi,
    add_dc_spike as add_dc_spike,
    add_gps_band as add_gps_band,
    add_pulse as add_pulse,
)
from .simulate.voltages import simulate_voltages as simulate_voltages
from .simulate.cadence import simulate_cadence as simulate_cadence
from .simulate.survey import simulate_survey as simulate_survey
from .simulate.survey_scans import survey_scan as survey_scan
from .simulate.survey_scans import survey_scans as survey_scans
from .simulate.kinds import simulate_kinds as simulate_kinds, true_lines as true_lines

# Spectrograms to hits
from .search.threshold import false_alarms as false_alarms, find_hits as find_hits
from .search.tree import brute_force as brute_force, taylor_tree as taylor_tree
from .search.drift import search_drift as search_drift
from .search.track import track_kurtosis as track_kurtosis
from .search.recovery import (
    completeness as completeness,
    inject_tones as inject_tones,
    match_hits as match_hits,
)

# Hits to events
from .events.on_off import (
    cadence_differences as cadence_differences,
    on_off_ratio as on_off_ratio,
    subtract_off as subtract_off,
)
from .events.cadence import filter_cadence as filter_cadence
from .events.survey import (
    filter_survey as filter_survey,
    join_observations as join_observations,
    rank_events as rank_events,
)
from .events.interference import remove_common as remove_common, rfi_occupancy as rfi_occupancy
from .events.sky import sky_bunching as sky_bunching

# Hits, events and reviews kept
from .store.dat import read_dat as read_dat, write_dat as write_dat
from .store.hit_files import (
    export_events as export_events,
    export_hits as export_hits,
    read_events as read_events,
    read_hits as read_hits,
)
from .store.connection import open_database as open_database
from .store.save import import_dat as import_dat, save_hits as save_hits
from .store.save_cadence import save_cadence as save_cadence
from .store.save_cadence import save_survey_events as save_survey_events
from .store.reviews import load_reviews as load_reviews, save_review as save_review
from .store.load import (
    iter_hit_columns as iter_hit_columns,
    load_events as load_events,
    load_hits as load_hits,
    load_observations as load_observations,
)

# Many files
from .distributed.search import DistributedWarning as DistributedWarning, search_files as search_files
from .distributed.spark import start_spark as start_spark

# Hits to pictures, and pictures to labels
from .learn.images import ImageSet as ImageSet
from .learn.four_classes import simulate_images as simulate_images, true_tracks as true_tracks
from .learn.split import split_images as split_images
from .learn.cut import cut_images as cut_images, cut_power as cut_power
from .learn.image_files import read_image_csv as read_image_csv, write_image_csv as write_image_csv
from .learn.hit_power import (
    hits_and_power as hits_and_power,
)
from .learn.features import image_features as image_features, scale_features as scale_features
from .learn.clusters import (
    cluster_images as cluster_images,
    on_off_scores as on_off_scores,
    rank_outliers as rank_outliers,
    typical_images as typical_images,
)
from .learn.align import AlignedSet as AlignedSet, align_images as align_images
from .learn.matched import matched_filter as matched_filter
from .learn.networks import (
    build_classifier as build_classifier,
)
from .learn.batches import AlignedBatches as AlignedBatches
from .learn.classifier import (
    Classifier as Classifier,
    calibrate as calibrate,
    classify_stream as classify_stream,
    evaluate as evaluate,
    load_classifier as load_classifier,
)
from .learn.metrics import Evaluation as Evaluation

# Pictures
from .show.cluster_plots import (
    plot_clusters as plot_clusters,
    plot_outliers as plot_outliers,
    plot_pieces as plot_pieces,
)
from .show.explorer.hits import explore_hits as explore_hits
from .show.explorer.waterfall import explore as explore
from .show.image_plots import (
    plot_bow as plot_bow,
    plot_class_histograms as plot_class_histograms,
    plot_grey_scale as plot_grey_scale,
    plot_images as plot_images,
)
from .show.live_curve import LiveCurve as LiveCurve
from .show.scaling_plots import plot_speed_up as plot_speed_up, plot_tasks as plot_tasks
from .show.survey_plots import plot_hits as plot_hits, plot_occupancy as plot_occupancy, plot_sky as plot_sky
from .show.classifier_plots import (
    plot_accuracy as plot_accuracy,
    plot_alarms as plot_alarms,
    plot_confusion as plot_confusion,
    plot_reliability as plot_reliability,
)
from .show.training_plots import (
    plot_history as plot_history,
    plot_learning_curves as plot_learning_curves,
    plot_rates as plot_rates,
)
from .show.spectrum_plots import plot_bandpass as plot_bandpass, plot_spectrum as plot_spectrum
from .show.cadence_plots import plot_cadence as plot_cadence
from .show.waterfall_plots import (
    plot_waterfall as plot_waterfall,
)

# Live figures in a notebook
from .course.live import live as live

__version__: str
