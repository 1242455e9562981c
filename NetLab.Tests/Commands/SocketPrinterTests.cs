using System.Text;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;
using NetLab.Tests.Support;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

public class SocketPrinterTests
{
    private const uint Nobody = 65534;

    [Fact]
    public void The_table_aligns_its_columns_and_shows_all_who_hold_a_socket() => AssertLines(
        """
        Proto State        Recv-Q Send-Q Local              Remote            Timer           Process
        tcp   LISTEN            0    128 0.0.0.0:8000       *                                 python3 4711 fd 3, python3 4712 fd 3
        tcp   ESTABLISHED       0 262144 [2001:db8::1]:8000 [2001:db8::2]:443 retransmit 3 ms caf\x9b\x1b[31mé 801 fd 12345
        tcp   TIME_WAIT         0      0 127.0.0.1:45026    127.0.0.1:8000    timewait 59.8 s
        tcp   CLOSE_WAIT  1234567      0 127.0.0.1:8000     127.0.0.1:45028                   python3 4711 fd 4
        udp   UNCONNECTED       0      0 [::]:53            *
        udp   CONNECTED         0      0 127.0.0.1:1234     127.0.0.1:53                      dig 800 fd 7
        """, Table(Rows(), Paint(on: false)));

    [Fact]
    public void Without_a_timer_there_is_no_column_for_it() => AssertLines(
        """
        Proto State       Recv-Q Send-Q Local        Remote Process
        tcp   LISTEN           0    128 0.0.0.0:8000 *      python3 4711 fd 3, python3 4712 fd 3
        """, Table(Rows()[..1], Paint(on: false)));

    [Fact]
    public void Colour_comes_beside_the_words_and_only_on_a_terminal()
    {
        string painted = Table(Rows(), Paint(on: true)), plain = Table(Rows(), Paint(on: false));
        Assert.Contains("\e[32mESTABLISHED\e[0m", painted, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(painted, "\e\\[[0-9;]*m", ""));
        Assert.DoesNotContain('\e', plain);
    }

    [Fact]
    public void The_lsof_form_has_lsofs_columns_in_lsofs_order() => AssertLines(
        """
        COMMAND  PID   USER   FD   TYPE     DEVICE SIZE/OFF NODE NAME
        dig      800   root    7u  IPv4       7005      0t0  UDP 127.0.0.1:1234->127.0.0.1:53·
        caf\xc2  801   root *345u  IPv6 4294967296      0t0  TCP [2001:db8::1]:8000->[2001:db8::2]:443 (ESTABLISHED)
        python3 4711 nobody    3u  IPv4       7001      0t0  TCP *:8000 (LISTEN)
        python3 4711 nobody    4u  IPv4       7004      0t0  TCP 127.0.0.1:8000->127.0.0.1:45028 (CLOSE_WAIT)
        python3 4712 nobody    3u  IPv4       7001      0t0  TCP *:8000 (LISTEN)
        """, Lsof());

    [Fact]
    public void Json_has_the_names_that_the_readme_lists() => AssertLines(
        """
        {"time":"2026-11-23T10:00:00.000000001Z","kind":"socket","provenance":"sampled","protocol":"tcp","local":"0.0.0.0:8000","state":"LISTEN","recvQueue":0,"sendQueue":128,"pid":4711,"process":"python3","fd":3,"user":"nobody","inode":7001,"holders":[{"pid":4711,"process":"python3","fd":3},{"pid":4712,"process":"python3","fd":3}]}
        {"time":"2026-11-23T10:00:00.000000001Z","kind":"socket","provenance":"sampled","protocol":"tcp","local":"[2001:db8::1]:8000","remote":"[2001:db8::2]:443","state":"ESTABLISHED","recvQueue":0,"sendQueue":262144,"pid":801,"process":"caf\\x9b\\x1b[31mé","fd":12345,"user":"root","inode":4294967296,"timer":"retransmit","timerSeconds":0.003,"rtt":2.5E-05,"congestionWindow":10,"retransmits":1,"bytesSent":5,"bytesReceived":6}
        {"time":"2026-11-23T10:00:00.000000001Z","kind":"socket","provenance":"sampled","protocol":"tcp","local":"127.0.0.1:45026","remote":"127.0.0.1:8000","state":"TIME_WAIT","recvQueue":0,"sendQueue":0,"user":"root","inode":0,"timer":"timewait","timerSeconds":59.8}
        """, Json(Rows()[..3]));

    [Fact]
    public void A_hundred_thousand_rows_come_out_whole_and_without_garbage_a_row()
    {
        var rows = new SocketRow[100_000];
        for (int index = 0; index < rows.Length; index++)
            rows[index] = Row(6, TcpState.Established, $"127.0.0.1:{index % 65_536}", "127.0.0.1:8000", inode: 7001);
        var holders = Holders();
        int[] shown = [.. Enumerable.Range(0, rows.Length)];
        using var sink = new Counter();
        var printer = new SocketTablePrinter(Paint(on: false));
        var output = new LineOutput(sink);
        Assert.True(Allocation.Least(() =>
        {
            printer.Print(output, new SocketListing(rows, shown, holders));
            output.Flush();
        }) < 10_000);
        Assert.Equal(0, sink.Lines % 100_001);
    }

    [Fact]
    public void A_line_longer_than_the_buffer_is_cut_and_still_ends()
    {
        var holders = new SocketHolders();
        for (int process = 9_000; process > 0; process--)
        {
            holders.AddProcess(process);
            holders.Describe("worker"u8, 0);
            holders.Add(7001, 3);
        }

        string text = Table([Row(6, TcpState.Listen, "0.0.0.0:80", null, inode: 7001), Row(6, TcpState.Listen, "0.0.0.0:81", null)], Paint(on: false), holders);
        string[] lines = text.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("tcp   LISTEN           0      0 0.0.0.0:80 *      worker 1 fd 3, worker 2 fd 3", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("tcp   LISTEN           0      0 0.0.0.0:81 *", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abcdef", 4, "abcd")]
    [InlineData("ab\e[32mcdef\e[0m", 4, "ab\e[32mcd\e[0m")]
    [InlineData("日本語", 5, "日本")]
    public void A_watched_line_is_cut_at_the_edge_and_its_colour_is_ended(string line, int columns, string shown) =>
        Assert.Equal(shown, WatchScreen.Append(new StringBuilder(), line, columns).ToString());

    private static SocketRow[] Rows()
    {
        var sending = Row(6, TcpState.Established, "[2001:db8::1]:8000", "[2001:db8::2]:443", inode: 1L << 32, send: 262_144);
        (sending.Detail.Timer, sending.Detail.TimerRemaining) = (SocketTimer.Retransmission, Duration.FromMilliseconds(3));
        (sending.Detail.RoundTripMicroseconds, sending.Detail.CongestionWindow, sending.Detail.Retransmits) = (25, 10, 1);
        (sending.Detail.BytesSent, sending.Detail.BytesReceived) = (5, 6);
        var waiting = Row(6, TcpState.TimeWait, "127.0.0.1:45026", "127.0.0.1:8000");
        (waiting.Detail.Timer, waiting.Detail.TimerRemaining) = (SocketTimer.TimeWait, Duration.FromMilliseconds(59_800));
        var listening = Row(6, TcpState.Listen, "0.0.0.0:8000", null, inode: 7001, send: 128);
        listening.Detail.UserId = Nobody;
        return
        [
            listening, sending, waiting,
            Row(6, TcpState.CloseWait, "127.0.0.1:8000", "127.0.0.1:45028", inode: 7004, receive: 1_234_567),
            Row(17, TcpState.Closed, "[::]:53", null),
            Row(17, TcpState.Established, "127.0.0.1:1234", "127.0.0.1:53", inode: 7005),
        ];
    }

    private static SocketRow Row(byte protocol, TcpState state, string local, string? remote, long inode = 0, uint receive = 0, uint send = 0)
    {
        Assert.True(Endpoint.TryParse(local, out var here));
        var there = default(Endpoint);
        Assert.True(remote is null || Endpoint.TryParse(remote, out there));
        // The kernel gives the unspecified address of the family.
        if (remote is null && here.Address.IsIPv4)
            there = new Endpoint(IpAddress.AnyIPv4, 0);
        var row = new SocketRow { Tuple = new FourTuple(here, there), IsIPv6 = !here.Address.IsIPv4 };
        (row.Detail.Protocol, row.Detail.State, row.Detail.Inode) = (protocol, state, (ulong)inode);
        (row.Detail.ReceiveQueue, row.Detail.SendQueue) = (receive, send);
        return row;
    }

    // As SocketHolders reads them: the last process first, the last descriptor first.
    private static SocketHolders Holders()
    {
        var holders = new SocketHolders();
        holders.AddProcess(4712);
        holders.Describe("python3"u8, Nobody);
        holders.Add(7001, 3);
        holders.AddProcess(4711);
        holders.Describe("python3"u8, Nobody);
        holders.Add(7004, 4);
        holders.Add(7001, 3);
        holders.AddProcess(801);
        holders.Describe([.. "caf"u8, 0xC2, 0x9B, .. "\e[31mé"u8], 0);
        holders.Add(1UL << 32, 12_345);
        holders.AddProcess(800);
        holders.Describe("dig"u8, 0);
        holders.Add(7005, 7);
        return holders;
    }

    private static string Table(SocketRow[] rows, Paint paint, SocketHolders? holders = null) =>
        Print(output => new SocketTablePrinter(paint).Print(output, new SocketListing(rows, Enumerable.Range(0, rows.Length).ToArray(), holders ?? Holders())));

    private static string Lsof() => Print(output =>
    {
        var rows = Rows();
        Assert.Equal(5, new LsofPrinter(new KnownNames()).Print(output, new SocketListing(rows, Enumerable.Range(0, rows.Length).ToArray(), Holders())));
    });

    private static string Json(SocketRow[] rows)
    {
        using var stream = new MemoryStream();
        var time = new Timestamp((long)(new DateTime(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds * 1_000_000_000 + 1);
        new SocketJsonPrinter(new KnownNames()).Print(stream, new SocketListing(rows, Enumerable.Range(0, rows.Length).ToArray(), Holders()), time, SocketFacts.Figures);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Print(Action<LineOutput> print)
    {
        using var stream = new MemoryStream();
        var output = new LineOutput(stream);
        print(output);
        output.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Paint Paint(bool on) => Tui.Commands.Paint.For(
        new CommandContext(TextWriter.Null, TextWriter.Null, _ => null, () => default, default) { OutputIsTerminal = on });

    // · stands for a space at the end of a line.
    private static void AssertLines(string expected, string actual) => Assert.Equal(expected.Replace('·', ' ') + "\n", actual);

    private sealed class Counter : Stream
    {
        public long Lines { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => 0;

        public override long Position { get; set; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override long Seek(long offset, SeekOrigin origin) => 0;

        public override void SetLength(long value)
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => Lines += buffer.AsSpan(offset, count).Count((byte)'\n');
    }
}
