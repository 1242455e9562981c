using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab FILE</c> on a real terminal; it needs no rights.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class CaptureFileInterfaceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void A_file_opens_on_the_Packets_tab_and_its_keys_work(int columns, int rows)
    {
        using var terminal = Open(Exchanges(300), columns, rows);
        terminal.AwaitScreen("file.pcap");
        terminal.AwaitScreen("Flags [S], seq 0");
        terminal.AwaitScreen(" 3000 ┐");
        terminal.AwaitScreen("Frame 1,");
        terminal.Send("/tcp.port ==");
        terminal.AwaitScreen("✗ column 12");
        terminal.Send(" 4007\r");
        terminal.AwaitScreen("10 of 3000 ┐");
        terminal.Send("f");
        terminal.AwaitScreen("◀ HTTP/1.1 200 OK");
        terminal.Send("\e");
        terminal.AwaitScreen("layers");
        terminal.Send("\e");
        terminal.AwaitScreen("─ 3000 ┐");
        terminal.Send(":2999\r");
        terminal.AwaitScreen("Frame 2999,");
        // A click on a row of the list (the second on the screen) chooses its packet.
        terminal.Send(":1\r");
        terminal.AwaitScreen("Frame 1,");
        terminal.Send("\e[<0;20;4M\e[<0;20;4m");
        terminal.AwaitScreen("Frame 2,");
        terminal.Send("\t");
        terminal.AwaitScreen("▸ layers");
        terminal.Send("q");
        terminal.AwaitScreen("─ layers");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
    }

    [Fact]
    public void In_a_C_locale_without_colours_only_ASCII_and_no_colour_is_written()
    {
        using var terminal = Open(Exchanges(2), 80, 24, new() { ["LC_ALL"] = "C", ["NO_COLOR"] = "1" });
        terminal.AwaitScreen("Frame 1,");
        terminal.Send("f");
        terminal.AwaitScreen("> GET / HTTP/1.1");
        terminal.Send("qq");
        Assert.Equal(0, terminal.WaitForExitAndRestoration());
        Assert.DoesNotContain(terminal.Output, character => character > 0x7E);
        Assert.DoesNotContain("\e[38", terminal.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[48", terminal.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuch.pcap", "There is no file")]
    [InlineData("text.pcap", "is not a capture file")]
    [InlineData("folder.d", "is a folder")]
    public void What_cannot_be_opened_gets_one_line_and_exit_code_2(string name, string said)
    {
        File.WriteAllText(Path.Combine(_folder, "text.pcap"), "hello, this is no capture file at all\n");
        Directory.CreateDirectory(Path.Combine(_folder, "folder.d"));
        using var terminal = PseudoTerminal.Start(PrivateNetwork.Program, [Path.Combine(_folder, name)]);
        Assert.Equal(2, terminal.WaitForExitAndRestoration());
        terminal.Await("\n");
        string[] lines = terminal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("netlab: ", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Contains(said, terminal.Output, StringComparison.Ordinal);
    }

    private PseudoTerminal Open(IEnumerable<byte[]> frames, int columns, int rows, Dictionary<string, string?>? environment = null)
    {
        string path = Path.Combine(_folder, "file.pcap");
        TcpFrames.Save(path, frames);
        Dictionary<string, string?> variables = new() { ["LC_ALL"] = "C.UTF-8", ["NO_COLOR"] = null, ["COLORTERM"] = null };
        foreach (var (name, value) in environment ?? [])
            variables[name] = value;
        return PseudoTerminal.Start(PrivateNetwork.Program, [path], variables, columns, rows);
    }

    private static IEnumerable<byte[]> Exchanges(int count) => Enumerable.Range(0, count).SelectMany(index => TcpFrames.Exchange((ushort)(4000 + index)));
}
