"""Write what a page shows where no script runs."""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.page._words import escape_text

N_LISTED = 10


def write_tables(facts):
    """Return the strongest segments of each label as HTML.

    Parameters
    ----------
    facts : dict
        As `gather_facts` returns.

    Returns
    -------
    str
        A heading, a sentence and a table for each label.
    """
    return "\n".join(_write_table(label, facts) for label in facts["labels"])


def _write_table(label, facts):
    name, n_segments = escape_text(label["name"]), len(facts["names"])
    listed = label["order"][:N_LISTED]
    caption = f"{len(listed)} of {n_segments} segments, the strongest first"
    rows = "\n".join(
        _write_row(rank, segment, label, facts)
        for rank, segment in enumerate(listed, 1)
    )
    return f"""\
<article>
<h2>{name}</h2>
<p>Prediction {label["prediction"]}, of the surrogate {label["local_prediction"]}; \
fidelity {label["fidelity"]}.</p>
<table>
<caption>{caption if listed else "All weights are zero."}</caption>
<thead><tr><th scope="col">Rank</th><th scope="col">Segment</th>\
<th scope="col">Weight</th><th scope="col">Area</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</article>"""


def _write_row(rank, segment, label, facts):
    return (
        f'<tr><td>{rank}</td><th scope="row">{escape_text(facts["names"][segment])}'
        f"</th><td>{label['texts'][segment]}</td><td>{facts['areas'][segment]}</td>"
        "</tr>"
    )
