namespace DiffusionLens.Families;

/// <summary>Which positions of its sequence a text encoder keeps from seeing which.</summary>
[Flags]
public enum EncoderMask
{
    /// <summary>None: every position sees every other, padding too.</summary>
    None = 0,

    /// <summary>A position sees none after it.</summary>
    Causal = 1,

    /// <summary>None sees padding.</summary>
    Padding = 2,
}
