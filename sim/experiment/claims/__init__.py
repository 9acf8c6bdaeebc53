"""Claims put to the test: :func:`~sim.experiment.claims.measure.put_to_test`.

A claim is a YAML file with the sentence, the quoted number, what to measure and the assumptions that may carry
it. It is measured as it stands, nothing is tuned to reach it, and measured again over the range of each
assumption. What the verdicts mean is defined in :mod:`sim.experiment.claims.verdict`. Most are read off runs;
what can be told without one, such as the error of a forecast, is a :mod:`gauge <sim.experiment.claims.gauge>`.
"""

from sim.experiment.claims.finding import Finding, Range, Reading
from sim.experiment.claims.measure import put_to_test
from sim.experiment.claims.table import read_findings

__all__ = ["Finding", "Range", "Reading", "put_to_test", "read_findings"]
