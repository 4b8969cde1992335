"""Tensors -> heat maps, one under the other. Knows nothing of Streamlit."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import ImageColor
from plotly.subplots import make_subplots

from components.figures.charts import CLEAR, finish
from components.figures.colours import Colours
from components.words.language import t

ROW_PIXELS = 22
MOST_PIXELS = 150
GAP_PIXELS = 46
MOST_NUMBERS = 48
MATRIX_ROW_PIXELS = 34
STRONGEST = 0.6


def make(
    tensors: Sequence[tuple[str, np.ndarray]], characters: Sequence[str], colours: Colours
) -> go.Figure:
    """A heat map a tensor, with its name and shape, its numbers where there is room for them.

    Args:
        tensors: Of one or two dimensions.
        characters: A column each in the tensors that have a row a character.
    """
    grids = [_grid(values, len(characters)) for _, values in tensors]
    heights = [min(MOST_PIXELS, ROW_PIXELS * len(grid)) for grid in grids]
    total = sum(heights) + GAP_PIXELS * len(grids)
    figure = make_subplots(
        rows=len(grids),
        row_heights=heights,
        vertical_spacing=GAP_PIXELS / total,
        subplot_titles=[f"{name} {list(values.shape)}" for name, values in tensors],
    )
    for row, ((name, _), grid) in enumerate(zip(tensors, grids, strict=True), 1):
        figure.add_trace(_heat_map(name, grid, characters, colours), row=row, col=1)
    bare = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": ""}
    figure.update_xaxes(**bare)
    figure.update_yaxes(**bare, autorange="reversed")
    figure.update_annotations(font_size=12, x=0, xanchor="left")
    margin = {"l": 5, "r": 5, "t": GAP_PIXELS / 2, "b": 10}
    figure.update_layout(height=total, margin=margin, **CLEAR)
    return figure


def make_matrix(
    psnr: np.ndarray, rows: Sequence[str], columns: Sequence[str], colours: Colours
) -> go.Figure:
    """PSNR in decibels of runs (rows) on kinds of noise (columns), darker the better.

    Args:
        psnr: [runs, kinds].
        rows: What each was trained on, no two alike.
    """
    tint = ",".join(str(channel) for channel in ImageColor.getrgb(colours.reconstruction))
    figure = go.Figure(
        go.Heatmap(
            z=psnr,
            x=list(columns),
            y=list(rows),
            colorscale=[[0, f"rgba({tint},0)"], [1, f"rgba({tint},{STRONGEST})"]],
            showscale=False,
            xgap=2,
            ygap=2,
            texttemplate="%{z:.1f}",
            textfont={"color": colours.ink},
            hovertemplate=t("trained on %{y}, tested on %{x}: %{z:.2f} dB<extra></extra>"),
        )
    )
    finish(
        figure,
        colours,
        {"title": t("corrupted with (test images)"), "side": "top", "showgrid": False},
        {"title": t("trained on"), "autorange": "reversed", "showgrid": False},
        height=110 + MATRIX_ROW_PIXELS * len(rows),
        margin={"l": 5, "r": 5, "t": 60, "b": 5},
        hovermode="closest",
        uirevision=None,
    )
    return figure


def _grid(values: np.ndarray, length: int) -> np.ndarray:
    """As rows and columns: a tensor over the characters has these as its columns."""
    grid = np.atleast_2d(values)
    return grid.T if values.ndim == 2 and len(values) == length else grid


def _heat_map(
    name: str, grid: np.ndarray, characters: Sequence[str], colours: Colours
) -> go.Heatmap:
    """Above 0 in the colour of latents, below in grey, 0 as the paper."""
    is_exact = np.issubdtype(grid.dtype, np.integer)
    columns = characters if grid.shape[1] == len(characters) else [name] * grid.shape[1]
    strongest = float(np.abs(grid).max()) or 1.0
    return go.Heatmap(
        z=grid,
        zmin=-strongest,
        zmax=strongest,
        colorscale=[[0, colours.limit], [0.5, "rgba(128,128,128,0)"], [1, colours.latents]],
        showscale=False,
        xgap=1,
        ygap=1,
        customdata=np.broadcast_to(np.array(columns), grid.shape),
        texttemplate="%{z}" if is_exact else "%{z:.2f}" if grid.size <= MOST_NUMBERS else None,
        textfont={"color": colours.ink},
        hovertemplate="%{customdata}: %{z}<extra></extra>"
        if is_exact
        else "%{customdata}: %{z:.4f}<extra></extra>",
    )
