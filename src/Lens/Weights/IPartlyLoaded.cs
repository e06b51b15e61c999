namespace DiffusionLens.Weights;

/// <summary>A network that has no use for some tensors of the checkpoints that it is loaded from.</summary>
internal interface IPartlyLoaded
{
    /// <summary>Whether a tensor of the checkpoint is left where it is.</summary>
    /// <param name="name">Its name as modules have it today.</param>
    bool LeavesOut(string name);
}
