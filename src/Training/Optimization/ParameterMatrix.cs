namespace Training.Optimization;

/// <summary>
/// A weight that maps one vector to another, in a <see cref="ParameterVector"/>; a convolution's has a row for each filter.
/// </summary>
/// <param name="From">Where its first value is.</param>
internal readonly record struct ParameterMatrix(long From, long Rows, long Columns);
