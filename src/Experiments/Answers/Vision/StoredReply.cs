using System.Text.Json.Serialization;

namespace Experiments.Answers.Vision;

/// <summary>What a model said to one text about one image: a line of <c>vlm.replies.jsonl</c>.</summary>
/// <param name="Key">Hash of model, settings, text and pixels (<see cref="ReplyCache.KeyOf"/>).</param>
/// <param name="Model">The model's name, for people.</param>
/// <param name="Image">The image's pixels (<see cref="Images.PixelHash"/>).</param>
/// <param name="Asked">The text.</param>
/// <param name="Answered">When, in UTC.</param>
internal sealed record StoredReply(string Key, string Model, string Image, string Asked, string Answered)
{
    /// <inheritdoc cref="ChatReply.Text"/>
    public string? Reply { get; init; }

    /// <inheritdoc cref="ChatReply.Note"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <inheritdoc cref="ChatReply.IsCut"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCut { get; init; }

    /// <inheritdoc cref="ChatReply.YesMass"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? YesMass { get; init; }

    /// <inheritdoc cref="ChatReply.NoMass"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NoMass { get; init; }

    /// <inheritdoc cref="ChatReply.PromptTokens"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PromptTokens { get; init; }

    /// <inheritdoc cref="ChatReply.CompletionTokens"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? CompletionTokens { get; init; }

    /// <summary>What was said, as far as answers are read from it.</summary>
    public ChatReply ToReply() => new() { Text = Reply, Note = Note, IsCut = IsCut, YesMass = YesMass, NoMass = NoMass };
}
