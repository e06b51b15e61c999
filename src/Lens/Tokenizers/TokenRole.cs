namespace DiffusionLens.Tokenizers;

/// <summary>What a position of a tokenized prompt is there for; each has one role.</summary>
public enum TokenRole
{
    /// <summary>The start token, which CLIP writes before a text.</summary>
    Start,

    /// <summary>What a chat template puts before the prompt, white space of the prompt that runs into it included.</summary>
    Head,

    /// <summary>What was written.</summary>
    Prompt,

    /// <summary>What a chat template puts behind the prompt.</summary>
    Tail,

    /// <summary>The first end token, one that is written out in the text included.</summary>
    End,

    /// <summary>All that comes after the end token, or else after the last token that was written.</summary>
    Padding,
}
