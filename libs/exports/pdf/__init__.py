"""PDF reports, drawn with ReportLab."""

from libs.exports.pdf.document import MEDIA_TYPE, render

__all__ = ["MEDIA_TYPE", "render"]
