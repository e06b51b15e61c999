namespace DiffusionLens.Pipelines;

/// <summary>
/// All that a model's denoiser reads of one text, computed once and used at every step and for every image (Stable Diffusion:
/// keys and values of all cross-attentions). Of use only to the model that made it. No dispose scope owns it.
/// </summary>
public abstract class TextConditioning : IDisposable
{
    private protected TextConditioning()
    {
    }

    /// <summary>Frees it.</summary>
    public abstract void Dispose();
}
