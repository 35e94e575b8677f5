"""Pictures for pages, as SVG that stands in the page itself: small, sharp, and in the colours of the page's theme.

Matplotlib's SVG would be some hundred times larger, knows no dark mode, and is not part of the base install.
"""

from autograder.report.pictures.charts import accuracy, bars, curve, histogram
from autograder.report.pictures.exhibits import caption, picture

__all__ = ["accuracy", "bars", "caption", "curve", "histogram", "picture"]
