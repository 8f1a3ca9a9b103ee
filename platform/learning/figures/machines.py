"""How the networks and their training loops are built, as boxes and arrows."""

from itertools import pairwise

from django.utils.safestring import SafeString

from learning.drawing import Pen

TUNE = (4, 4, 5, 7, 7, 5, 4, 2)


def _mini_roll(pen: Pen, x: float, y: float, rows: tuple[int, ...], style: str) -> None:
    """Draw a small piano roll of single notes, 12 px a step and 5 px a semitone."""
    pen.rect(x, y, 12 * len(rows) + 8, 60, "fig__sheet")
    for i, row in enumerate(rows):
        pen.rect(x + 4 + 12 * i, y + 48 - 5 * row, 11, 5, style)


def two_questions() -> tuple[SafeString, str]:
    """Draw what a discriminative and a generative model are asked."""
    pen = Pen(
        640, 190,
        "Left: a piano roll goes into a discriminative model, which answers: 92 percent real. "
        "Right: dice go into a generative model, which answers with a piano roll.",
    )  # fmt: skip
    pen.text(160, 16, "Discriminative", "fig__title")
    pen.text(490, 16, "Generative", "fig__title")
    _mini_roll(pen, 8, 66, TUNE, "fig__ink")
    pen.arrow([(116, 96), (142, 96)])
    pen.box(146, 66, 90, 60, "Model")
    pen.arrow([(238, 96), (262, 96)])
    pen.text(290, 88, "92 %", "fig__label fig__label--strong")
    pen.text(290, 106, "real")
    pen.line((326, 40), (326, 160), "fig__grid")
    pen.box(346, 72, 48, 48, "Dice")
    pen.arrow([(396, 96), (420, 96)])
    pen.box(424, 66, 90, 60, "Model")
    pen.arrow([(516, 96), (528, 96)])
    _mini_roll(pen, 532, 66, TUNE, "fig__fill")
    pen.text(160, 168, "“What is this?”", "fig__label")
    pen.text(490, 168, "“Make one like these.”", "fig__label")
    return pen.svg(), "The same training music, two questions."


def families() -> tuple[SafeString, str]:
    """Draw the three families of generative models side by side."""
    pen = Pen(
        640, 250,
        "Three families. A GAN: a generator writes, a discriminator judges, and both improve. "
        "An AR-CNN: look at the whole roll, change a cell, look again. A Transformer: read all "
        "that came before, write what comes next.",
    )  # fmt: skip
    rows = (
        ("GAN", "Generator", "Discriminator", "judges; both improve"),
        ("AR-CNN", "Look at the roll", "Change a note", "look again"),
        ("Transformer", "Read the past", "Write the next", "then it is past too"),
    )
    for i, (name, first, second, back) in enumerate(rows):
        y = 10 + 80 * i
        pen.text(8, y + 25, name, "fig__title", "start")
        pen.box(130, y, 150, 50, first)
        pen.box(340, y, 150, 50, second)
        pen.arrow([(282, y + 25), (336, y + 25)])
        pen.arrow([(415, y + 52), (415, y + 66), (205, y + 66), (205, y + 54)], "fig__arrow-blue")
        pen.text(500, y + 25, back, "fig__tick", "start")
    return pen.svg(), "Three ways to make music with a network: compete, revise, continue."


def gan_loop() -> tuple[SafeString, str]:
    """Draw the training loop of a conditional GAN."""
    pen = Pen(
        640, 320,
        "The training loop of a GAN. A melody and noise go into the generator, which adds an "
        "accompaniment. The discriminator gets real and generated accompaniments. Its verdict "
        "becomes the discriminator loss, which trains the discriminator, and the generator loss, "
        "which trains the generator.",
    )  # fmt: skip
    pen.box(16, 24, 120, 46, "Melody")
    pen.box(16, 96, 120, 46, "Noise")
    pen.box(190, 50, 140, 66, "Generator|the orchestra")
    pen.arrow([(138, 47), (186, 70)])
    pen.arrow([(138, 119), (186, 98)])
    pen.box(16, 186, 120, 46, "Real pieces")
    pen.box(420, 110, 150, 70, "Discriminator|the conductor")
    pen.arrow([(332, 84), (376, 84), (416, 126)])
    pen.text(372, 66, "fakes", "fig__tick")
    pen.arrow([(138, 209), (350, 209), (416, 166)])
    pen.text(196, 198, "the real thing", "fig__tick")
    pen.arrow([(495, 182), (495, 236)])
    pen.box(420, 240, 150, 54, "Two losses")
    pen.arrow([(572, 267), (612, 267), (612, 145), (574, 145)], "fig__arrow-blue")
    pen.text(606, 308, "discriminator loss", "fig__tick", "end")
    pen.arrow([(418, 267), (260, 267), (260, 120)], "fig__arrow-blue")
    pen.text(270, 282, "generator loss", "fig__tick", "start")
    return (
        pen.svg(),
        "One turn of the loop. Blue arrows carry the losses back, one to each network.",
    )


def u_net() -> tuple[SafeString, str]:
    """Draw the shape of the U-Net generator of the lessons, by length of time."""
    pen = Pen(
        640, 300,
        "A U: on the left the melody is read at four lengths, 64, 32, 16 and 8 steps; noise "
        "joins at the bottom; on the right the accompaniment is written at the same lengths. "
        "Bridges carry each reading across to the side that writes.",
    )  # fmt: skip
    for i, (steps, width) in enumerate(((64, 176), (32, 208), (16, 240), (8, 256))):
        y, half = 20 + 66 * i, 84 - 16 * i
        left, right = 60 + 44 * i, 580 - 44 * i
        pen.box(left, y, 2 * half * 0.75, 40, f"{steps} steps")
        pen.box(right - 2 * half * 0.75, y, 2 * half * 0.75, 40, f"{width} wide")
        if i < 3:
            pen.arrow([(left + 2 * half * 0.75 + 4, y + 20), (right - 2 * half * 0.75 - 6, y + 20)],
                      "fig__arrow-blue")  # fmt: skip
            pen.text(320, y + 11, "bridge", "fig__tick")
            pen.arrow([(left + 30, y + 42), (left + 54, y + 63)])
            pen.arrow([(right - 54, y + 63), (right - 30, y + 44)])
    pen.box(286, 212, 68, 52, "Noise")
    pen.arrow([(248, 238), (282, 238)])
    pen.arrow([(356, 238), (392, 238)])
    pen.text(60, 288, "reads the melody", "fig__tick", "start")
    pen.text(580, 288, "writes the tracks", "fig__tick", "end")
    return pen.svg(), (
        "The shipped U-Net: time is halved three times on the way down and doubled on the way up. "
        "The widths are those on its card: 176, 208, 240 and 256."
    )


def edit_loop() -> tuple[SafeString, str]:
    """Draw one iteration of the editor."""
    pen = Pen(
        640, 190,
        "The loop of the editor: the roll goes into the network, which gives chances for every "
        "cell; the surest edit is made; the changed roll goes in again.",
    )  # fmt: skip
    for i, words in enumerate(
        ("Piano roll", "Network", "Chances|for every cell", "Make the|surest edit")
    ):
        pen.box(14 + 158 * i, 40, 126, 62, words)
        if i < 3:
            pen.arrow([(142 + 158 * i, 71), (168 + 158 * i, 71)])
    pen.arrow([(551, 104), (551, 146), (77, 146), (77, 106)], "fig__arrow-blue")
    pen.text(314, 164, "up to 100 times: each look sees the edits before it", "fig__tick")
    return (
        pen.svg(),
        "One iteration. The output is the next input: that is what *autoregressive* means.",
    )


def frame() -> tuple[SafeString, str]:
    """Draw in which order the extender states the cells of a frame."""
    pen = Pen(
        640, 250,
        "Frames of four voices follow each other. For the next frame the soprano is decided "
        "first, then the alto knowing the soprano, the tenor knowing both, and the bass last.",
    )  # fmt: skip
    names = ("Soprano", "Alto", "Tenor", "Bass")
    for row, name in enumerate(names):
        y = 30 + 46 * row
        pen.text(76, y + 17, name, "fig__label", "end")
        for column in range(6):
            pen.rect(90 + 48 * column, y, 44, 34, "fig__past")
        pen.rect(90 + 48 * 6 + 14, y, 52, 34, "fig__next")
        pen.text(90 + 48 * 6 + 40, y + 17, str(row + 1), "fig__on-fill")
        known = ", ".join(names[:row]) or "the past alone"
        pen.text(460, y + 17, f"knows {known}", "fig__tick", "start")
        if row:
            pen.arrow([(418, y - 10), (418, y - 2)], "fig__arrow-blue")
    pen.text(234, 226, "16 bars that it reads (256 frames)", "fig__tick")
    pen.text(418, 226, "next", "fig__tick")
    return (
        pen.svg(),
        "Within a frame the voices are decided from the top down, each knowing those above.",
    )


def layers() -> tuple[SafeString, str]:
    """Draw an input, a hidden and an output layer."""
    pen = Pen(
        640, 270,
        "Three layers of circles: inputs at the left, hidden units in the middle, one output at "
        "the right. A line with a weight joins every circle to every circle of the next layer.",
    )  # fmt: skip
    inputs = [(120.0, 40 + 38.0 * i) for i in range(6)]
    hidden = [(320.0, 59 + 38.0 * i) for i in range(5)]
    for a in inputs:
        for b in hidden:
            pen.line(a, b, "fig__grid")
    for b in hidden:
        pen.line(b, (520, 135), "fig__axis")
    for x, y in inputs:
        pen.circle(x, y, 12, "fig__node")
    for x, y in hidden:
        pen.circle(x, y, 14, "fig__node-hidden")
    pen.circle(520, 135, 18, "fig__node-out")
    for x, words in ((120, "input layer"), (320, "hidden layer"), (520, "output layer")):
        pen.text(x, 258, words, "fig__label")
    return pen.svg(), (
        "Every line is a weight. The lessons' discriminator has 104 inputs, 24 hidden units and "
        "one output: 2,545 numbers in all."
    )


def slope() -> tuple[SafeString, str]:
    """Draw gradient descent on a valley."""
    pen = Pen(
        640, 220,
        "A valley: the height is the loss, the place is a weight. Steps lead from the left slope "
        "down to the bottom, each shorter as the slope grows flatter.",
    )  # fmt: skip

    def y_of(x: float) -> float:
        return 180 - 130 * ((x - 360) / 280) ** 2

    pen.curve([(x, y_of(x)) for x in range(90, 631, 6)], "fig__curve-ink")
    places = [110.0]
    for _ in range(5):
        places.append(places[-1] + 0.42 * (360 - places[-1]))
    for a, b in pairwise(places):
        pen.arrow([(a, y_of(a) - 3), (b, y_of(b) - 3)], "fig__arrow-blue")
    for x in places:
        pen.circle(x, y_of(x) - 3, 5, "fig__fill")
    pen.text(24, 24, "loss", "fig__tick", "start")
    pen.text(620, 208, "a weight", "fig__tick", "end")
    return pen.svg(), "Each step goes against the slope, by the slope times the learning rate."


def reward_loop() -> tuple[SafeString, str]:
    """Draw the loop of agent and environment."""
    pen = Pen(
        640, 230,
        "The agent sends an action to the environment; the environment answers with a new state "
        "and a reward.",
    )  # fmt: skip
    pen.box(50, 80, 170, 70, "Agent|the editing policy")
    pen.box(420, 80, 170, 70, "Environment|the melody, the metric")
    pen.arrow([(135, 78), (135, 34), (505, 34), (505, 76)])
    pen.text(320, 20, "action: move this note up", "fig__label")
    pen.arrow([(505, 152), (505, 196), (135, 196), (135, 154)], "fig__arrow-blue")
    pen.text(320, 184, "state: the melody now", "fig__label")
    pen.text(320, 212, "reward: +3.1 points", "fig__label fig__label--strong")
    return pen.svg(), "One step. An episode is many of them, here one for every note."
