namespace DiffusionLens;

/// <summary>What encoders show that a site does not look into.</summary>
public enum SiteOthers
{
    /// <summary>What the model reads of them.</summary>
    Native,

    /// <summary>What the model reads of them at the empty prompt.</summary>
    Empty,
}

/// <summary>Which state of block l a site shows.</summary>
public enum SitePoint
{
    /// <summary>h^l, the block's output.</summary>
    Block,

    /// <summary>h^(l-1) and what the block's attention adds to it.</summary>
    Attention,

    /// <summary>What the block's attention adds, alone.</summary>
    AttentionOut,

    /// <summary>What the block's MLP adds, alone.</summary>
    MlpOut,
}

/// <summary>What the positions show that a site's tokens leave.</summary>
public enum SiteRest
{
    /// <summary>The empty prompt's states at the same site.</summary>
    Empty,

    /// <summary>The empty prompt's states as the model reads them.</summary>
    EmptyFinal,

    /// <summary>The empty prompt's states at the same site, position by position of the same role in a chat template.</summary>
    EmptyAligned,

    /// <summary>The same of the states that the model reads.</summary>
    EmptyAlignedFinal,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The prompt's states as the model reads them.</summary>
    Native,

    /// <summary>Nothing: the denoiser does not see these positions.</summary>
    Dropped,
}

/// <summary>Whether a site's states go through the encoder's final norm ln_f.</summary>
public enum SiteNorm
{
    /// <summary>Where the model's own read does.</summary>
    Native,

    /// <summary>Never (appendix A.3 of the paper).</summary>
    None,

    /// <summary>Scaled to the length of the model's own read: the control for families without a norm.</summary>
    Matched,
}

/// <summary>Whether one layer is shown or several together.</summary>
public enum SiteMixture
{
    /// <summary>Layer l alone.</summary>
    None,

    /// <summary>
    /// The mean over layers 0 to l of what each shows (without layer 0 where sub-blocks are shown): with the final norm the mean of
    /// ln_f(h^0) ... ln_f(h^l), as arXiv 2506.08210 gives it to denoisers that are trained with it.
    /// </summary>
    Mean,
}

/// <summary>What a model's pooled vectors show.</summary>
public enum SitePooled
{
    /// <summary>What the model reads.</summary>
    Native,

    /// <summary>What it reads at the empty prompt.</summary>
    Empty,

    /// <summary>The vector as it would be pooled of the lens's state.</summary>
    Lens,

    /// <summary>
    /// What the model reads at the empty prompt where a block is left out, and what it reads where none is: as in the notebook that the
    /// paper's authors published for FLUX.
    /// </summary>
    EmptyBelow,
}
