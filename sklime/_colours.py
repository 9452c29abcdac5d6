"""The two colours of all that is drawn."""
# SPDX-License-Identifier: BSD-3-Clause

# Blue and vermilion of Okabe and Ito: told apart with any kind of colour vision.
POSITIVE_COLOR, NEGATIVE_COLOR = "#0072B2", "#D55E00"
