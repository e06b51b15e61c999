using System.Runtime.InteropServices;

namespace DiffusionLens.Configs;

/// <summary>
/// Standard output and standard error as the system has them. .NET's own takes a closed one for open, since the runtime has by then opened
/// something else under that number, and does not tell that a reader has gone.
/// </summary>
internal sealed partial class StandardStream : Stream
{
    public const int InputNumber = 0, OutputNumber = 1, ErrorNumber = 2;

    private readonly int _number;
    private readonly string _name;
    private readonly bool _isClosed;

    private StandardStream(int number, string name) => (_number, _name, _isClosed) = (number, name, WasClosed(number));

    /// <summary>Standard output; what cannot be written is an <see cref="IOException"/> that says so in one line.</summary>
    public static Stream Output { get; } = OperatingSystem.IsWindows() ? Console.OpenStandardOutput()
        : new StandardStream(OutputNumber, "standard output");

    /// <summary>Standard error. Nothing more can be told where it cannot be written: it is left.</summary>
    public static Stream Error { get; } = OperatingSystem.IsWindows() ? Console.OpenStandardError()
        : new StandardStream(ErrorNumber, "standard error");

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a descriptor was closed when the process began: what the runtime opens, it closes in children.</summary>
    public static bool WasClosed(int number)
    {
        const int GetFlags = 1, ClosesInChildren = 1;
        return !OperatingSystem.IsWindows() && Control(number, GetFlags) is var flags && (flags < 0 || (flags & ClosesInChildren) != 0);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        const int Interrupted = 4, BrokenPipe = 32;
        const int AgainOnLinux = 11, AgainElsewhere = 35;
        if (_isClosed)
        {
            Fail("is closed");
            return;
        }

        while (buffer.Length > 0)
        {
            nint written = Write(_number, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case AgainOnLinux or AgainElsewhere:
                    Thread.Sleep(1);
                    break;
                case BrokenPipe:
                    Fail("was closed by its reader before all was written");
                    return;
                case var error:
                    Fail($"cannot be written ({Marshal.GetPInvokeErrorMessage(error)})");
                    return;
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Fail(string how)
    {
        if (_number != ErrorNumber)
        {
            throw new IOException($"{_name}: {how}");
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int number, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int number, int command);
}
