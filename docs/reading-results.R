# Redraws the curves of a results folder, with base R alone: Rscript docs/reading-results.R results/colors/mini-sd [curves.pdf]
given <- commandArgs(trailingOnly = TRUE)
results <- if (length(given) > 0) given[1] else "results/colors/mini-sd"
pdf(if (length(given) > 1) given[2] else "curves.pdf", width = 7, height = 5)

read <- function(name) read.csv(file.path(results, name), check.names = FALSE, encoding = "UTF-8", stringsAsFactors = FALSE)
colors <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

draw <- function(points, by, title) {
  curves <- split(points, factor(points[[by]], levels = unique(points[[by]])))
  plot(range(points$layer), c(0, 100), type = "n", xlab = "layer", ylab = "% of rows", main = title)
  for (i in seq_along(curves)) {
    curve <- curves[[i]][order(curves[[i]]$layer), ]
    color <- colors[(i - 1) %% length(colors) + 1]
    polygon(c(curve$layer, rev(curve$layer)), 100 * c(curve$low_95, rev(curve$high_95)), border = NA, col = adjustcolor(color, 0.15))
    lines(curve$layer, 100 * curve$mean, type = "o", pch = 19, col = color)
  }
  legend("bottomright", names(curves), col = colors[(seq_along(curves) - 1) %% length(colors) + 1], lty = 1, pch = 19, bty = "n")
}

# A line a point of a curve; lines without a figure count the right images of a condition over all rows.
measures <- read("measures.csv")
for (figure in setdiff(unique(measures$figure), "")) {
  points <- measures[measures$figure == figure & !is.na(measures$mean), ]
  if (nrow(points) > 0) draw(points, "curve", figure)
}

# The same from the answers, where they are there: a line an answer. An image is right where all that its prompt says has a yes.
if (file.exists(file.path(results, "answers.csv"))) {
  answers <- read("answers.csv")
  # People share the work and are one; a machine, whose name ends with a hash, stands for itself.
  party <- ifelse(grepl("@[0-9a-f]{8}$|^[Gg][Pp][Tt]", answers$annotator), answers$annotator, "")
  main <- answers[party == party[1], ]
  main <- main[!duplicated(main[c("condition", "prompt", "seed", "layer", "site", "question")]), ]

  # Of `colors`; another experiment has conditions and questions of its own.
  right <- list("object" = "has object", "color" = "object in color", "two colors" = c("object in color", "object' in color'"))
  asked <- main[mapply(function(condition, question) question %in% right[[condition]], main$condition, main$question), ]
  if (nrow(asked) == 0) {
    message("No question of this experiment is in `right`, which has those of colors: right images are not counted from its answers.")
  } else {
    images <- aggregate(yes ~ condition + prompt + seed + layer, data = asked, FUN = min)
    shares <- aggregate(yes ~ condition + layer, data = images, FUN = mean)
    print(round(100 * xtabs(yes ~ condition + layer, data = shares)))

    told <- merge(measures[measures$figure == "", c("condition", "layer", "mean")], shares)
    stopifnot(nrow(told) == nrow(shares), abs(told$mean - told$yes) < 1e-6)
  }
}

invisible(dev.off())
