"""Lesson 14: the exercises, and a night of files to search."""

from setilearn.course.answers import array, choice, integer, number
from setilearn.course.exercise import Exercise

TITLE = "Scaling out"
NODE_BYTES = 64 * 2**20 * 16 * 4  # what a compute node records in a scan
NETWORK_BYTES_S = 1e9 / 8
RATE_BYTES_S = 0.5e9  # what a core searches, as the exercises state it
CORE_HOURS = 1e15 / RATE_BYTES_S / 3600
PASS_AT_ONCE, LOST_WITH_TRIES = 0.999**10_000, 10_000 * 0.001**4

EXERCISES = [
    Exercise(
        id="L14-1",
        title="Samples on the move",
        reference=NODE_BYTES / NETWORK_BYTES_S,
        check=number(unit="s", rel_tol=0.01),
        mistakes=[
            (NODE_BYTES / 1e9, "The network carries 1e9 bits a second, and a byte has 8 of them."),
            (8 * NODE_BYTES / NETWORK_BYTES_S, "The 8 came in twice: 125 MB/s are bytes already."),
            (NODE_BYTES / 4 / NETWORK_BYTES_S, "Each sample has 4 bytes."),
            (NODE_BYTES / 16 / NETWORK_BYTES_S, "There are 16 integrations."),
            (NODE_BYTES / 64 / NETWORK_BYTES_S, "That is one coarse channel; the node records 64."),
        ],
        hints=[
            "Bytes of the scan: coarse channels x channels x integrations x bytes a sample.",
            "Bytes divided by bytes a second are seconds.",
        ],
        solution="""
            scan_bytes = 64 * 2**20 * 16 * 4
            network_bytes_s = 1e9 / 8
            seconds = scan_bytes / network_bytes_s
        """,
    ),
    Exercise(
        id="L14-2",
        title="Amdahl's law",
        reference=[2.0, 5.0],
        check=array(rel_tol=0.01),
        mistakes=[
            ([2.0, 4.0], "The limit compares the time on one core, all of it, with the serial part."),
            (
                [4.0, 2.5],
                "The 4 s that the second core saved are half of the parallel part, not the serial part.",
            ),
            ([8.0, 1.25], "That is the parallel part: it shrinks with more cores; what stays is the rest."),
            ([2.0, 10 / 6], "That is the speed-up on two cores; asked for is that on any number of them."),
            ([0.2, 5.0], "The serial part is wanted in seconds, not as a share."),
        ],
        hints=[
            "On one core: serial + parallel = 10. On two: serial + parallel / 2 = 6.",
            "Take the second equation twice and the first one off: 2 x 6 - 10 = serial.",
        ],
        solution="""
            one_core_s, two_cores_s = 10, 6
            serial_s = 2 * two_cores_s - one_core_s
            highest_speed_up = one_core_s / serial_s
            answer = [serial_s, highest_speed_up]
        """,
    ),
    Exercise(
        id="L14-3",
        title="From how many files on",
        reference=5,
        check=integer(unit="files"),
        mistakes=[
            (4, "With 4 files the loop takes 24 s, Spark 20 + 24 / 4 = 26 s: not yet."),
            (14, "That many files pay for the start alone; the loop gets slower with each file as well."),
            (27, "That is far beyond it: with 27 files the loop takes 162 s, Spark 60.5 s."),
            (6, "With 5 files the loop takes 30 s, Spark 20 + 30 / 4 = 27.5 s: sooner than that."),
        ],
        hints=[
            "The loop: 6 n seconds. Spark: 20 + 6 n / 4 seconds.",
            "Solve 6 n = 20 + 6 n / 4, and take the next whole number.",
        ],
        solution="""
            start_s, file_s, n_cores = 20, 6, 4
            n_files = math.ceil(start_s / (file_s - file_s / n_cores))
        """,
    ),
    Exercise(
        id="L14-4",
        title="Once, and up to four times",
        reference=[PASS_AT_ONCE, LOST_WITH_TRIES],
        check=array(rel_tol=0.02),
        mistakes=[
            (
                [0.999, LOST_WITH_TRIES],
                "So likely is it that one task passes, or that some fail; asked for is that all 10,000 pass.",
            ),
            ([10.0, LOST_WITH_TRIES], "Ten tasks fail on average; asked for is the chance that none does."),
            ([PASS_AT_ONCE, 0.001**4], "That is the chance for one task; there are 10,000."),
            ([PASS_AT_ONCE, 10_000 * 0.001 / 4], "A task is lost if all four tries fail: chances multiply."),
            ([PASS_AT_ONCE, 10.0], "That many fail at their first try; they have three more."),
        ],
        hints=[
            "One task passes with 0.999. All of them: a power.",
            "A task is lost with 0.001 to the power 4; the mean number is 10,000 times that.",
        ],
        solution="""
            all_pass = (1 - 0.001) ** 10_000
            lost_on_average = 10_000 * 0.001**4
            answer = [all_pass, lost_on_average]
        """,
    ),
    Exercise(
        id="L14-5",
        title="Try again, or tell",
        reference="a killed worker",
        check=choice("a file cut short", "a killed worker", "a threshold below zero"),
        mistakes=[
            ("a file cut short", "It will be as short at the next try, and at the one after that."),
            (
                "a threshold below zero",
                "It makes no sense for any file: best refused before anything is searched.",
            ),
        ],
        hints=["Which of the three may be over when the task is tried again, on another machine perhaps?"],
        solution='worth_a_retry = "a killed worker"',
    ),
    Exercise(
        id="L14-6",
        title="A year of the archive",
        reference=[CORE_HOURS, CORE_HOURS * 0.05, 1e6 * 0.02],
        check=array(rel_tol=0.01),
        mistakes=[
            (
                [CORE_HOURS * 3600, CORE_HOURS * 3600 * 0.05, 1e6 * 0.02],
                "The first is in seconds: an hour has 3600.",
            ),
            (
                [CORE_HOURS / 1000, CORE_HOURS / 1000 * 0.05, 1e3 * 0.02],
                "A petabyte is 1e15 bytes, or a million gigabytes.",
            ),
            (
                [CORE_HOURS, CORE_HOURS * 0.05, 1e3 * 0.02],
                "A petabyte is a million gigabytes, not a thousand.",
            ),
            (
                [CORE_HOURS, CORE_HOURS * 0.05, 12e6 * 0.02],
                "The last is for a whole year; asked for is one month.",
            ),
            ([CORE_HOURS, CORE_HOURS * 0.02, 1e6 * 0.05], "The two prices have changed places."),
        ],
        hints=[
            "Seconds: 1e15 bytes over 0.5e9 bytes a second.",
            "A petabyte has 1e6 GB; a month of it costs 1e6 times the price of one.",
        ],
        solution="""
            core_hours = 1e15 / 0.5e9 / 3600
            search_dollars = core_hours * 0.05
            storage_dollars_a_month = 1e6 * 0.02
            answer = [core_hours, search_dollars, storage_dollars_a_month]
        """,
    ),
    Exercise(
        id="L14-7",
        title="In real time",
        reference=[NODE_BYTES / RATE_BYTES_S, 300 / (NODE_BYTES / RATE_BYTES_S)],
        check=array(rel_tol=0.01),
        mistakes=[
            (
                [NODE_BYTES / RATE_BYTES_S, NODE_BYTES / RATE_BYTES_S / 300],
                "The second is the share of the 300 s: turn it round.",
            ),
            (
                [NODE_BYTES / 64 / RATE_BYTES_S, 64 * 300 / (NODE_BYTES / RATE_BYTES_S)],
                "That is one coarse channel; the node has 64.",
            ),
            (
                [NODE_BYTES / 4 / RATE_BYTES_S, 4 * 300 / (NODE_BYTES / RATE_BYTES_S)],
                "Each sample has 4 bytes.",
            ),
        ],
        hints=["The bytes are those of the first exercise.", "300 s over the seconds of the search."],
        solution="""
            search_s = 64 * 2**20 * 16 * 4 / 0.5e9
            times_faster = 300 / search_s
            answer = [search_s, times_faster]
        """,
    ),
]
