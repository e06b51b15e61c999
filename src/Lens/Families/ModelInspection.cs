using System.Text.Json;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families;

/// <summary>What there is of a model, by its configs and the headers of its weights.</summary>
internal sealed record ModelInspection
{
    /// <summary>The family's name.</summary>
    public required string Family { get; init; }

    /// <summary>The folders, stage by stage.</summary>
    public required IReadOnlyList<ModelFolder> Stages { get; init; }

    /// <summary>Its encoders and what is read of them; null where a config keeps that from being known.</summary>
    public required ModelDescription? Description { get; init; }

    /// <summary>All parts that are read.</summary>
    public required IReadOnlyList<PartInspection> Parts { get; init; }

    /// <summary>What lies in the folders beside them.</summary>
    public required IReadOnlyList<IgnoredItem> Ignored { get; init; }

    /// <summary>What is taken otherwise than it stands in the files, or without being in them.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>Why it cannot be loaded; empty where nothing speaks against it.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
}

/// <summary>What there is of a part.</summary>
internal sealed record PartInspection
{
    public required string Name { get; init; }

    /// <summary>The model's folder, or that of the stage.</summary>
    public required ModelFolder Folder { get; init; }

    /// <summary>The class that <c>model_index.json</c> names.</summary>
    public required string Class { get; init; }

    /// <summary>The files that are read, but for a network's <c>config.json</c>.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>A network's weights by type, the largest share first.</summary>
    public IReadOnlyList<TypeShare> Weights { get; init; } = [];

    /// <summary>What a config alone says, key by key.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>What a tokenizer does; null of other parts.</summary>
    public TokenizerInspection? Tokenizer { get; init; }

    /// <summary>Files in its folder and tensors in its files that are not read.</summary>
    public IReadOnlyList<IgnoredItem> Ignored { get; init; } = [];

    /// <summary>What is taken otherwise than one would think.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Why it cannot be loaded; null where it can.</summary>
    public string? Error { get; init; }
}

/// <summary>A network's weights of one type.</summary>
/// <param name="DType">The type.</param>
/// <param name="Parameters">How many numbers.</param>
/// <param name="ByteCount">Their bytes.</param>
internal sealed record TypeShare(ScalarType DType, long Parameters, long ByteCount)
{
    public static TypeShare Of(IGrouping<ScalarType, TensorEntry> entries) => new(
        entries.Key,
        entries.Sum(entry => entry.Shape.Aggregate(1L, (count, side) => count * side)),
        entries.Sum(entry => entry.ByteCount));
}

/// <summary>A key of a config.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">What it is set to.</param>
internal sealed record Setting(string Key, JsonElement Value);

/// <summary>What a tokenizer does.</summary>
/// <param name="Rules">To a text, in a few words.</param>
/// <param name="VocabularySize">How many ids there are.</param>
/// <param name="Length">How many tokens a prompt has.</param>
internal sealed record TokenizerInspection(string Rules, int VocabularySize, int Length);
