using System.Diagnostics;
using System.Net.Sockets;
using DiffusionLens.Configs;

namespace DiffusionLens.Tests.Configs;

/// <summary>None of these opens what it refuses: a pipe would wait for a writer for ever.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_pipe_is_no_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        Process.Start("mkfifo", _folder["x"])!.WaitForExit();
        Assert.Equal("is a pipe, not a file; give a file", Complaint());
    }

    [SkippableFact]
    public void A_socket_is_no_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["x"]));
        Assert.Equal("is a socket, not a file; give a file", Complaint());
    }

    [SkippableFact]
    public void A_device_is_no_file_also_over_a_link()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        File.CreateSymbolicLink(_folder["x"], "/dev/zero");
        Assert.Equal("is a device, not a file; give a file", Complaint());
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        Directory.CreateDirectory(_folder["x"]);
        Assert.Equal("is a folder, not a file", Complaint());
    }

    [SkippableTheory]
    [InlineData("not there")]
    [InlineData("x")]
    public void A_link_that_leads_nowhere_or_to_itself_is_told_with_its_target(string target)
    {
        Skip.If(OperatingSystem.IsWindows());
        File.CreateSymbolicLink(_folder["x"], target);
        Assert.EndsWith($"{target}, where there is no file; get the file again", Complaint());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("with a \0 in it")]
    public void What_is_not_there_is_told(string name) =>
        Assert.EndsWith(": there is no such file", Assert.Throws<BadInputException>(() => InputFile.ReadBytes(_folder[name])).Message);

    private string Complaint()
    {
        string path = _folder["x"];
        string[] told =
        [
            Assert.Throws<BadInputException>(() => InputFile.ReadText(path)).Message,
            Assert.Throws<BadInputException>(() => InputFile.ReadBytes(path)).Message,
            Assert.Throws<BadInputException>(() => InputFile.OpenStream(path)).Message,
            Assert.Throws<BadInputException>(() => InputFile.Open(path)).Message,
        ];
        string one = Assert.Single(told.Distinct());
        Assert.StartsWith($"{path}: ", one);
        return one[(path.Length + 2)..];
    }
}
