namespace Fuzz;

/// <summary>Looks at the process's memory every few milliseconds while an input is read.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(15);

    private readonly Timer _timer;
    private long _before, _most, _began;

    /// <param name="onHang">Called when an input has been read for longer than <see cref="Limits.Clock"/>.</param>
    public MemoryWatch(Action onHang) => _timer = new Timer(_ =>
    {
        long began = Interlocked.Read(ref _began);
        if (began == 0)
        {
            return;
        }

        _most = Math.Max(_most, Environment.WorkingSet);
        if (TimeSpan.FromMilliseconds(Environment.TickCount64 - began) > Limits.Clock)
        {
            onHang();
        }
    }, null, Every, Every);

    public void Begin()
    {
        _before = _most = Environment.WorkingSet;
        Interlocked.Exchange(ref _began, Math.Max(1, Environment.TickCount64));
    }

    /// <returns>How much more there was than before, in bytes.</returns>
    public long End()
    {
        Interlocked.Exchange(ref _began, 0);
        return Math.Max(0, Math.Max(_most, Environment.WorkingSet) - _before);
    }

    public void Dispose() => _timer.Dispose();
}
