namespace Experiments.Specs;

/// <summary>Which vision-language model is asked, and how: what <c>vlm:</c> in a spec and the options <c>--vlm-*</c> say of it.</summary>
internal sealed record VisionSpec
{
    /// <summary>The variable of the environment that holds the key unless another is named; without it, no key is sent.</summary>
    public const string DefaultKeyVariable = "OPENAI_API_KEY";

    /// <summary>The server's address, up to and with <c>/v1</c>, or null.</summary>
    public string? Url { get; init; }

    /// <summary>The model's name at the server, or null.</summary>
    public string? Model { get; init; }

    /// <summary>How it is asked, or null.</summary>
    public VisionPrompt? Prompt { get; init; }

    /// <summary>The variable of the environment that holds the key, where it is named; it must then be there.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>How many requests are in flight, or null.</summary>
    public int? Concurrency { get; init; }

    /// <summary>How long one request may take, or null.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>How long to wait for a server that is starting or busy, or null.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => this == new VisionSpec();

    /// <summary>The same, with what another says where this says nothing.</summary>
    public VisionSpec Over(VisionSpec other) => new()
    {
        Url = Url ?? other.Url,
        Model = Model ?? other.Model,
        Prompt = Prompt ?? other.Prompt,
        KeyVariable = KeyVariable ?? other.KeyVariable,
        Concurrency = Concurrency ?? other.Concurrency,
        TimeLimit = TimeLimit ?? other.TimeLimit,
        Patience = Patience ?? other.Patience,
    };
}
