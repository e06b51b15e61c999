using System.Text.Json.Serialization;

namespace Experiments.Explorer;

/// <summary>
/// What the explorer knows of a run before anybody answered: <c>explore/run.js</c>. A row is a prompt, seen through a site, with a seed;
/// rows stand in the plan's order, and each has an image at every layer. The number of an image is its row's times the number of layers,
/// and its layer's.
/// </summary>
internal sealed record ExploredRun
{
    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>The experiment's title.</summary>
    public required string Title { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The sampler in a few words.</summary>
    public required string Sampler { get; init; }

    /// <summary>What its plan was made from (<see cref="Results.RunManifest.PlannedFrom"/>); null where that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PlannedFrom { get; init; }

    /// <summary>L.</summary>
    public required int LastLayer { get; init; }

    /// <summary>The layers looked through, ascending.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>The seeds, as text: no number of JavaScript's holds the large ones.</summary>
    public required IReadOnlyList<string> Seeds { get; init; }

    /// <summary>The conditions' names, in the spec's order.</summary>
    public required IReadOnlyList<string> Conditions { get; init; }

    /// <summary>The names of all questions.</summary>
    public required IReadOnlyList<string> Questions { get; init; }

    /// <summary>Every site that is looked through, once.</summary>
    public required IReadOnlyList<ExploredSite> Sites { get; init; }

    /// <summary>The prompts, condition after condition.</summary>
    public required IReadOnlyList<ExploredPrompt> Prompts { get; init; }

    /// <summary>The thumbnails of all images, and which are not there.</summary>
    public required ThumbnailSet Thumbnails { get; init; }

    /// <summary>How one image is made again.</summary>
    public required LensCommandLine Command { get; init; }

    /// <summary>Whether all numbers in it are of what is there.</summary>
    [JsonIgnore]
    public bool IsSound => Prompts.All(prompt =>
        Enumerable.Range(0, Conditions.Count).Contains(prompt.Condition)
        && prompt.Sites.All(Enumerable.Range(0, Sites.Count).Contains));

    /// <summary>How many rows there are.</summary>
    [JsonIgnore]
    public int RowCount => Prompts.Sum(prompt => prompt.Sites.Count) * Seeds.Count;
}

/// <summary>A place that the lens looks at, but for the layer, and what is done to the text.</summary>
/// <param name="Key">Its key, as in the names of files; empty for the paper's lens.</param>
/// <param name="Label">What it is called in few words.</param>
/// <param name="Says">The same in sentences; empty for the paper's lens.</param>
/// <param name="Token">The one position that it shows; null: it shows no single one.</param>
/// <param name="Options">Its options of <c>lens</c>; null: that has none that say it.</param>
internal sealed record ExploredSite(string Key, string Label, string Says, int? Token, string? Options);

/// <summary>A prompt of a run.</summary>
/// <param name="Condition">The number of its condition.</param>
/// <param name="Text">What the model was given.</param>
/// <param name="Folder">Where its images are, below <c>images/</c>.</param>
/// <param name="Sites">The numbers of its sites.</param>
/// <param name="CutOff">The end of it that is not read.</param>
/// <param name="Asked">What is asked about its images.</param>
/// <param name="Pieces">Where its sites show a single token each: which, site by site; null: they do not.</param>
internal sealed record ExploredPrompt(
    int Condition,
    string Text,
    string Folder,
    IReadOnlyList<int> Sites,
    string CutOff,
    IReadOnlyList<ExploredQuestion> Asked,
    IReadOnlyList<string>? Pieces);

/// <summary>A question about a prompt's images.</summary>
/// <param name="Question">The number of its name.</param>
/// <param name="Text">The question in words.</param>
internal sealed record ExploredQuestion(int Question, string Text);
