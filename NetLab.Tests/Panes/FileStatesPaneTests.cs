using NetLab.Core.Session;
using NetLab.Tests.Support;

namespace NetLab.Tests.Panes;

public sealed class FileStatesPaneTests : IDisposable
{
    private const int StatesTab = 4;
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("netlab-states-").FullName, "two.pcap");

    public FileStatesPaneTests() => TcpFrames.Save(_path, [.. TcpFrames.Exchange(4001), .. TcpFrames.Exchange(4002)]);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void The_connections_of_a_file_are_on_the_diagram_as_its_packets_tell(int columns, int rows)
    {
        using var screen = Open(columns, rows);
        screen.Screen.ShowTab(StatesTab);
        Golden.Check($"file-states-{columns}", screen.Text);
    }

    [Fact]
    public void The_packet_chosen_on_the_Packets_tab_is_the_moment_that_is_shown()
    {
        using var screen = Open(120, 40);
        screen.Press("jjj");
        screen.Screen.ShowTab(StatesTab);
        Assert.Contains("● server ~ESTABLISHED", screen.Lines[^2], StringComparison.Ordinal);
        Assert.Contains("looking back · connection 1 of 2 · inferred", screen.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_back_in_the_path_chooses_its_packet()
    {
        using var screen = Open(120, 40);
        screen.Screen.ShowTab(StatesTab);
        // The last is the client's end by the last ACK, packet 20; before it came the server's TIME_WAIT and the client's LAST_ACK, both by packet 19.
        screen.Press("<Left><Left><Left>");
        Assert.Contains("● server ~FIN_WAIT_1", screen.Lines[^2], StringComparison.Ordinal);
        screen.Screen.ShowTab(Tui.App.LabScreen.PacketsTab);
        Assert.Contains(screen.Lines, line => line.Contains("18›", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_runs_here()
    {
        using var screen = Open(80, 24);
        screen.Screen.ShowTab(StatesTab);
        screen.Press(" ");
        Assert.Contains("These states are a file's; on tab 1 an experiment runs.", screen.Lines[^1], StringComparison.Ordinal);
    }

    private PacketScreen Open(int columns, int rows) => new(CaptureFileLog.Open(_path, out _), columns, rows);
}
