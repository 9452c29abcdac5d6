"""Write what a page shows where no script runs."""
# SPDX-License-Identifier: BSD-3-Clause

from sklime.page._words import escape_text, format_area, format_weight

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
    name = escape_text(label["name"])
    rows = "\n".join(
        _write_row(rank, segment, label, facts)
        for rank, segment in enumerate(label["order"][:N_LISTED], 1)
    )
    return f"""\
<article>
<h2>{name}</h2>
<p>Prediction {label["prediction"]}, of the surrogate {label["local_prediction"]}; \
fidelity {label["fidelity"]}.</p>
<table>
<caption>The strongest of {len(facts["names"])} segments</caption>
<thead><tr><th scope="col">Rank</th><th scope="col">Segment</th>\
<th scope="col">Weight</th><th scope="col">Area</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</article>"""


def _write_row(rank, segment, label, facts):
    weight = format_weight(label["weights"][segment], label["decimals"])
    return (
        f'<tr><td>{rank}</td><th scope="row">{escape_text(facts["names"][segment])}'
        f"</th><td>{weight}</td><td>{format_area(facts['areas'][segment])}</td></tr>"
    )
