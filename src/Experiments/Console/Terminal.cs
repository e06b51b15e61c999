using System.Text;
using DiffusionLens.Configs;

namespace Experiments.Console;

/// <summary>What a command talks with.</summary>
/// <param name="Output">Results, and how the work goes.</param>
/// <param name="Input">What is piped in.</param>
/// <param name="IsInteractive">Whether a person watches the output: then progress is drawn in place.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, TextReader Input, bool IsInteractive, CancellationToken Cancellation)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The terminal of this process. What is piped is UTF-8, in and out, whatever the locale.</summary>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    public static Terminal OfProcess(CancellationToken cancellation)
    {
        bool isRedirected = System.Console.IsOutputRedirected || StandardStream.WasClosed(StandardStream.OutputNumber);
        return new Terminal(
            isRedirected ? Written(StandardStream.Output) : System.Console.Out,
            Written(StandardStream.Error),
            StandardStream.WasClosed(StandardStream.InputNumber) ? new ClosedInput()
                : System.Console.IsInputRedirected ? new StreamReader(System.Console.OpenStandardInput(), StrictUtf8)
                : System.Console.In,
            !isRedirected,
            cancellation);
    }

    private static TextWriter Written(Stream stream) => TextWriter.Synchronized(new StreamWriter(stream) { AutoFlush = true });

    private sealed class ClosedInput : TextReader
    {
        public override string ReadLine() => throw new IOException("it is closed");
    }
}
