using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Experiments.Answers.Vision;

/// <summary>
/// Makes of a response to <c>POST /chat/completions</c> what the model said or what went wrong. llama-server, vLLM, Ollama, hosted services
/// and what stands before them each write errors in a form of their own.
/// </summary>
/// <param name="model">The model that was asked.</param>
internal sealed partial class ReplyReader(string model)
{
    private const string ThinkingBegins = "<think>", ThinkingEnds = "</think>";

    /// <summary>What was said, or what went wrong: one of the two.</summary>
    public (ChatReply? Reply, ServerProblem? Problem) Read(ChatResponse response)
    {
        if (response.Status is < 200 or > 299)
        {
            return (null, ProblemOf(response, response.Json));
        }

        if (response.Json is not { } body)
        {
            return (null, NoJson(response));
        }

        if (ErrorOf(body) is { } error)
        {
            return (
                null,
                OfStatusInBody(response, body)
                    ?? new ServerProblem($"an error in place of an answer: {error}", Again.Never) { IsOfAll = true });
        }

        if (body.FirstOf("choices") is { } first && BrokenOff(response, first) is { } problem)
        {
            return (null, problem);
        }

        // A server with a list of answers is one of chat models, and has none for this request.
        bool isOfChat = body.TryGet("choices", out _);
        return body.FirstOf("choices") is { } choice && choice.TryGet("message", out JsonElement message)
            && message.ValueKind == JsonValueKind.Object
                ? (ReplyOf(body, choice, message), null)
                : (null, new ServerProblem(
                    $"JSON, but no answer of a chat model (choices[0].message is missing): {ChatResponse.OneLine(response.Text)}",
                    Again.Never)
                { IsOfAll = !isOfChat, IsRefusal = isOfChat });
    }

    /// <summary>What a server says of an error; null where a body has none.</summary>
    public static string? ErrorOf(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array && body.GetArrayLength() > 0)
        {
            return ErrorOf(body[0]);
        }

        bool isAnswer = body.TryGet("choices", out _);
        if (body.TryGet("error", out JsonElement error) && !(isAnswer && error.StringOf() is ""))
        {
            string words = error.TextOf("message") ?? error.StringOf() ?? error.GetRawText();
            return ChatResponse.OneLine(words);
        }

        string? message = isAnswer ? null : body.TextOf("message") ?? body.TextOf("detail");
        return message is not null ? ChatResponse.OneLine(message)
            : !isAnswer && body.TryGet("detail", out JsonElement detail) ? ChatResponse.OneLine(DetailOf(detail))
            : null;
    }

    // The server had said 200 before it failed: what it said until then is no answer.
    private ServerProblem? BrokenOff(ChatResponse response, JsonElement choice)
    {
        string? words = choice.TryGet("error", out JsonElement error) && error.StringOf() is not "" ? ErrorOf(choice) : null;
        string? end = choice.TextOf("finish_reason");
        return words is null && end is not ("error" or "network_error" or "abort" or "insufficient_system_resource") ? null
            : OfStatusInBody(response, choice)
                ?? new ServerProblem($"the answer was broken off: {words ?? end}", Again.AFewTimes);
    }

    // A gateway that has answered 200 tells in the body which status the server behind it gave.
    private ServerProblem? OfStatusInBody(ChatResponse response, JsonElement body) =>
        body.TryGet("error", out JsonElement error) && error.NumberOf("code") is >= 400 and <= 599 and { } status
            ? ProblemOf(response with { Status = status }, body)
            : null;

    // FastAPI lists what is wrong with a request.
    private static string DetailOf(JsonElement detail) => detail.ValueKind == JsonValueKind.Array
        ? string.Join("; ", detail.EnumerateArray().Select(part => part.TextOf("msg") ?? part.GetRawText()))
        : detail.GetRawText();

    private static ChatReply ReplyOf(JsonElement body, JsonElement choice, JsonElement message)
    {
        string content = ContentOf(message);
        string? thought = message.TextOf("reasoning_content") ?? message.TextOf("reasoning");
        int end = content.LastIndexOf(ThinkingEnds, StringComparison.Ordinal);
        bool isThinking = end < 0 && content.StartsWith(ThinkingBegins, StringComparison.Ordinal);
        string text = end >= 0 ? content[(end + ThinkingEnds.Length)..].Trim() : isThinking ? "" : content;
        bool hasThought = thought is not null || end >= 0 || isThinking, isCut = choice.TextOf("finish_reason") == "length";
        ChatReply reply = new()
        {
            Text = text.Length > 0 ? text : null,
            IsCut = isCut,
            Note = text.Length > 0 ? null
                : hasThought && isCut ? "no answer: the token limit was spent on thinking (finish_reason length, content empty)"
                : hasThought ? "no answer: it thought, and said nothing"
                : "no answer: its content is empty",
        };
        if (body.TryGet("usage", out JsonElement usage))
        {
            reply = reply with { PromptTokens = usage.NumberOf("prompt_tokens"), CompletionTokens = usage.NumberOf("completion_tokens") };
        }

        return choice.TryGet("logprobs", out JsonElement logprobs) ? TokenProbabilities.Read(reply, logprobs, hasThought) : reply;
    }

    // Text, or a list of parts of which some are text; a refusal is what was said, too.
    private static string ContentOf(JsonElement message)
    {
        if (message.TryGet("content", out JsonElement content))
        {
            string? text = content.ValueKind == JsonValueKind.Array
                ? string.Concat(content.EnumerateArray().Select(part => part.StringOf() ?? part.TextOf("text")))
                : content.StringOf();
            if (!string.IsNullOrWhiteSpace(text))
            {
                return text.Trim();
            }
        }

        return message.TextOf("refusal")?.Trim() ?? "";
    }

    private static ServerProblem NoJson(ChatResponse response) =>
        response.IsHtml ? new ServerProblem("an HTML page, not an answer: the address is a web page's", Again.Never) { IsOfAll = true }
        : response.Text.TrimStart() is ['{', ..] or "" ? new ServerProblem(
            $"{(response.Body.IsEmpty ? "an empty answer" : "half an answer")}: the connection ended before all of it was there",
            Again.AFewTimes)
        : new ServerProblem($"no JSON, but: {ChatResponse.OneLine(response.Text)}", Again.Never) { IsOfAll = true };

    private ServerProblem ProblemOf(ChatResponse response, JsonElement? body)
    {
        JsonElement error = body is { } root && root.TryGet("error", out JsonElement inner) ? inner : body ?? default;
        string words = body is { } json ? ErrorOf(json) ?? ChatResponse.OneLine(response.Text) : PlainWords(response);
        string status = StatusOf(response.Status), said = words.Length > 0 ? $": {words}" : "";
        return response.Status switch
        {
            401 => new ServerProblem($"key missing or wrong ({status}{said})", Again.Never) { IsOfAll = true },
            403 => new ServerProblem($"the key or the question is refused ({status}){said}", Again.Never) { IsRefusal = true },
            404 or 405 => NotThere(response, words, status, said),
            402 => OutOfQuota(said),
            429 when IsOutOfQuota(error, words) => OutOfQuota(said),
            408 or 429 => Limited(status, said, Delay(response)),
            400 when error.TextOf("type") == "exceed_context_size_error"
                && error.NumberOf("n_prompt_tokens") is { } needed && error.NumberOf("n_ctx") is { } context => new ServerProblem(
                    $"the request has {needed} tokens, the server's context {context}: start it with a larger one", Again.Never)
                { IsRefusal = true },
            400 => new ServerProblem($"the request is refused{said}", Again.Never)
            {
                IsRefusal = true,
                RefusesMaxTokens = NamesMaxTokens(words),
            },
            499 => new ServerProblem($"the server gave the request up ({status}{said})", Again.Never),
            500 when LacksVision(words) => new ServerProblem(
                $"the model was started without its vision part (--mmproj){said}", Again.Never)
            { IsOfAll = true },
            501 => new ServerProblem($"not supported by the server ({status}{said})", Again.Never) { IsOfAll = true },
            503 => new ServerProblem(IsLoading(words) ? $"the model is being loaded{said}" : $"the server is busy{said}", Again.WhenReady)
            {
                After = Delay(response),
            },
            502 or 504 or >= 520 => new ServerProblem(
                body is null ? $"{status}: not the model server's answer, one in between" : $"{status}{said}", Again.AFewTimes),
            >= 500 => new ServerProblem($"{status}{said}", Again.AFewTimes) { After = Delay(response) },
            >= 300 and < 400 => new ServerProblem(
                $"the address has moved ({status}): give the new one, up to and with /v1", Again.Never)
            { IsOfAll = true },
            _ => new ServerProblem($"{status}{said}", Again.Never) { IsRefusal = response.Status is >= 400 and < 500 },
        };
    }

    private ServerProblem NotThere(ChatResponse response, string words, string status, string said) =>
        !response.IsHtml && (words.Contains(model, StringComparison.OrdinalIgnoreCase) || ModelWord().IsMatch(words))
            ? new ServerProblem(
                $"the server has no model {model}: GET /v1/models says which it has (Ollama gets one by: ollama pull {model}){said}",
                Again.Never)
            { IsOfAll = true }
            : new ServerProblem(
                $"no such route at this address (a missing or doubled /v1?) ({status}{(response.IsHtml ? "" : said)})",
                Again.Never)
            { IsOfAll = true };

    private static ServerProblem Limited(string status, string said, TimeSpan? after)
    {
        string what = status.StartsWith("429", StringComparison.Ordinal) ? "rate limit" : status;
        string when = after is null ? "" : string.Create(
            CultureInfo.InvariantCulture, $" (it says to come back in {after.Value.TotalSeconds:0} s)");
        return new ServerProblem(what + when + said, Again.WhenTold) { After = after };
    }

    private static ServerProblem OutOfQuota(string said) =>
        new($"the account's quota is used up{said}", Again.Never) { IsOfAll = true };

    private static bool IsOutOfQuota(JsonElement error, string words) =>
        error.TextOf("code") is "insufficient_quota" || error.TextOf("type") is "insufficient_quota"
        || words.Contains("insufficient_quota", StringComparison.Ordinal);

    private static bool LacksVision(string words) =>
        words.Contains("mmproj", StringComparison.OrdinalIgnoreCase)
        || words.Contains("image input is not supported", StringComparison.OrdinalIgnoreCase);

    private static bool IsLoading(string words) => words.Contains("loading", StringComparison.OrdinalIgnoreCase);

    // Both names stand in the message of servers that want the newer one.
    private static bool NamesMaxTokens(string words) => MaxTokensWord().IsMatch(words);

    private static string PlainWords(ChatResponse response) =>
        response.IsHtml ? TitlePattern().Match(response.Text) is { Success: true } title ? ChatResponse.OneLine(title.Groups[1].Value) : ""
        : ChatResponse.OneLine(response.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault() ?? "");

    private static string StatusOf(int status)
    {
        string name = status switch
        {
            499 => "Client Closed Request",
            _ when Enum.IsDefined((HttpStatusCode)status) => Spaced().Replace(((HttpStatusCode)status).ToString(), " "),
            _ => "",
        };
        return $"{status} {name}".TrimEnd();
    }

    /// <summary>What <c>Retry-After</c> says: whole seconds, or a time, which is taken against the server's own clock.</summary>
    internal static TimeSpan? Delay(ChatResponse response)
    {
        string? text = response.RetryAfter?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds <= TimeSpan.FromDays(365).TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        if (TimeOf(text) is not { } then)
        {
            return null;
        }

        TimeSpan delay = then - (TimeOf(response.Date) ?? DateTimeOffset.UtcNow);
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    // A date in any of the three forms that HTTP has had.
    private static DateTimeOffset? TimeOf(string? text) =>
        RetryConditionHeaderValue.TryParse(text, out RetryConditionHeaderValue? value) ? value.Date : null;

    [GeneratedRegex(@"\bmodel\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ModelWord();

    [GeneratedRegex(@"\bmax_tokens\b", RegexOptions.CultureInvariant)]
    private static partial Regex MaxTokensWord();

    [GeneratedRegex("<title>(.*?)</title>", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TitlePattern();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Spaced();
}
