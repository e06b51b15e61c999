namespace DiffusionLens.Families;

/// <summary>What kind of text encoder it is, and so what it was trained for.</summary>
public enum EncoderKind
{
    /// <summary>CLIP's text encoder, trained by contrast with images.</summary>
    Clip,

    /// <summary>T5's encoder, trained on text alone.</summary>
    T5,

    /// <summary>Qwen3, a language model that writes on; its inner blocks are read.</summary>
    Qwen3,

    /// <summary>The language part of Qwen2.5-VL, which sees images too; here it reads text alone.</summary>
    Qwen25VL,

    /// <summary>Gemma 2, a language model that writes on.</summary>
    Gemma2,
}
