namespace DiffusionLens;

/// <summary>Whether padding is hidden from those that attend to a text.</summary>
public enum TextMask
{
    /// <summary>As the model has it.</summary>
    Native,

    /// <summary>Nothing attends to padding. Padding itself attends to what was written.</summary>
    On,

    /// <summary>Padding is attended to like any token.</summary>
    Off,
}
