using DiffusionLens;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Answers.Vision;

/// <summary>A vision-language model, where it is and how it is asked.</summary>
internal sealed record VisionSettings
{
    /// <summary>How many requests are in flight unless said otherwise: what a small server works on at once.</summary>
    public const int DefaultConcurrency = 4;

    private const int ShortestSecret = 4;

    private static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromMinutes(5), DefaultPatience = TimeSpan.FromMinutes(10);

    /// <summary>The address, without a slash at its end.</summary>
    public required Uri Url { get; init; }

    /// <summary>The model's name at the server.</summary>
    public required string Model { get; init; }

    /// <summary>How it is asked.</summary>
    public required VisionPrompt Prompt { get; init; }

    /// <summary>The key; empty where none is sent. It is written nowhere.</summary>
    public required string Key { private get; init; }

    /// <summary>How many requests are in flight.</summary>
    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>How long one request may take: Ollama loads the model within the first.</summary>
    public TimeSpan TimeLimit { get; init; } = DefaultTimeLimit;

    /// <summary>How long to wait for a server that says it is loading or busy.</summary>
    public TimeSpan Patience { get; init; } = DefaultPatience;

    /// <summary>Whether to wait also where nothing listens yet: the user knows that the server is starting.</summary>
    public bool IsStarting { get; init; }

    /// <summary>How long to wait before the first repetition; it doubles each time.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether there is a key.</summary>
    public bool HasKey => Key.Length > 0;

    /// <summary>Hash of all that an answer depends on but the image and the question: not of the address.</summary>
    public string Sha256 => HashOf(Prompt.IsJunkNo);

    /// <summary>The same of what the model says, whatever its junk counts as.</summary>
    public string ReplySha256 => HashOf(isJunkNo: false);

    /// <summary>Settles what was said.</summary>
    /// <param name="said">What the command line and the spec say.</param>
    /// <param name="environment">Finds a variable of the environment.</param>
    /// <exception cref="BadInputException">The address or the model is missing or none, or the key cannot be sent.</exception>
    public static VisionSettings Of(VisionSpec said, Func<string, string?> environment)
    {
        if (said.Url is null || said.Model is null || said.Prompt is null)
        {
            throw new BadInputException(
                $"vlm: there is no {(said.Url is null ? "address" : "model's name")}; give --vlm-url http://localhost:8080/v1 "
                    + "--vlm-model NAME, or vlm: {url: http://localhost:8080/v1, model: NAME} in the spec");
        }

        return new VisionSettings
        {
            Url = AddressOf(said.Url),
            Model = said.Model,
            Prompt = said.Prompt,
            Key = KeyOf(said.KeyVariable, environment),
            Concurrency = said.Concurrency ?? DefaultConcurrency,
            TimeLimit = said.TimeLimit ?? DefaultTimeLimit,
            Patience = said.Patience ?? DefaultPatience,
            IsStarting = said.Patience is not null,
        };
    }

    /// <summary>The value of the header <c>Authorization</c>.</summary>
    public string Authorization => $"Bearer {Key}";

    /// <summary>
    /// A text from elsewhere, without the key in it. A key of a few letters, as for servers that want any, is no secret, and may be the
    /// answer itself.
    /// </summary>
    public string WithoutKey(string text) =>
        Key.Length >= ShortestSecret ? text.Replace(Key, "[key]", StringComparison.Ordinal) : text;

    /// <inheritdoc/>
    public override string ToString() => $"{Model} at {Url}";

    private string HashOf(bool isJunkNo) => Fingerprint.Of(
        Model,
        Prompt.Form.ToString(),
        isJunkNo,
        Prompt.MaxTokens,
        Prompt.System,
        Prompt.Ask,
        Prompt.Body.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new[] { pair.Key, pair.Value }),
        SentImage.LeastSide,
        ChatBody.TopLogprobs);

    private static Uri AddressOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw new BadInputException($"--vlm-url {text}: is no address of a server; give one such as http://localhost:8080/v1");
        }

        return url.UserInfo.Length > 0
            ? throw new BadInputException(
                "--vlm-url: a name or password stands in the address; leave it out, and put the key into the variable that --vlm-key-env "
                    + "names")
            : url.Query.Length + url.Fragment.Length > 0
                ? throw new BadInputException("--vlm-url: the address has a ? or # in it; give it up to and with /v1")
                : new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/'));
    }

    // What is wrong with a key is said without it.
    private static string KeyOf(string? variable, Func<string, string?> environment)
    {
        string name = variable ?? VisionSpec.DefaultKeyVariable, key = environment(name)?.Trim() ?? "";
        return key.Length == 0 && variable is not null
            ? throw new BadInputException($"--vlm-key-env {variable}: there is no such variable in the environment, or it is empty")
            : key.All(letter => letter is > ' ' and < '\u007f')
                ? key
                : throw new BadInputException(
                    $"{name}: the key in this variable has blanks or letters beyond ASCII in it, which cannot be sent");
    }
}
