namespace Training.Rendering;

/// <summary>Where an object stands.</summary>
/// <param name="Size">Its height, in pixels; less where it would be too wide.</param>
/// <param name="Center">The column of its middle.</param>
/// <param name="Bottom">The row below its last; of what is in or on another, the other's.</param>
internal readonly record struct ObjectPlace(int Size, int Center, int Bottom);
