using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

public class StateLinesTests
{
    private static readonly Timestamp s_time = new(1_795_428_000_123_456_789);

    [Fact]
    public void Wide_lines_hold_the_longest_addresses_in_their_columns()
    {
        var lines = new StateLines(null, TimeSpan.FromHours(1), Provenance.Observed, Plain());
        string[] text =
        [
            lines.Heading,
            lines.Line(Change("127.0.0.1:8000", "127.0.0.1:45026", Provenance.Observed, "rcv FIN,ACK"), 4711, "python3"),
            lines.Line(Change("[2001:db8:1111:2222:3333:4444:5555:6666]:65535", "[::1]:1", Provenance.Sampled, ""), 0, ""),
        ];
        Assert.Equal(
            [
                "TIME                PID PROCESS      LOCAL                                           REMOTE                                          FROM        → TO             SPENT CAUSE (observed)",
                "11:00:00.123456    4711 python3      127.0.0.1:8000                                  127.0.0.1:45026                                 FIN_WAIT_2  → TIME_WAIT     214 µs rcv FIN,ACK",
                "11:00:00.123456       - -            [2001:db8:1111:2222:3333:4444:5555:6666]:65535  [::1]:1                                         FIN_WAIT_2  → TIME_WAIT     214 µs  (sampled)",
            ], text);
    }

    [Fact]
    public void On_a_narrow_terminal_every_line_keeps_its_columns()
    {
        foreach (int columns in new[] { 80, 100, 120, 200 })
        {
            var lines = new StateLines(columns, TimeSpan.Zero, Provenance.Observed, Plain());
            string[] text =
            [
                lines.Heading,
                lines.Line(Change("127.0.0.1:8000", "[2001:db8:1111:2222:3333:4444:5555:6666]:65535", Provenance.Observed, ""), 4_194_304, "a\e[31m-very-long-name"),
                lines.Line(Change("10.0.0.1:443", "192.168.100.200:61000", Provenance.Observed, ""), 1, "日本語日本語日本語"),
            ];
            Assert.Single(text.Select(line => Tui.Rendering.TextWidth.Of(line.AsSpan(0, line.IndexOf('→', StringComparison.Ordinal)))).Distinct());
            Assert.All(text, line => Assert.DoesNotContain('\e', line));
        }
    }

    [Theory]
    [InlineData("127.0.0.1:8000", 14, "127.0.0.1:8000")]
    [InlineData("127.0.0.1:8000", 13, ":8000")]
    [InlineData("[::1]:8000", 6, ":8000")]
    [InlineData("192.168.100.200:443", 12, "….100.200:443")]
    [InlineData("192.168.100.200:61000", 6, ":61000")]
    [InlineData("[2001:db8::1]:443", 10, "…8::1]:443")]
    public void A_shortened_address_keeps_its_port(string endpoint, int width, string text)
    {
        Assert.True(Endpoint.TryParse(endpoint, out var parsed));
        string actual = StateLines.Short(parsed, width);
        Assert.True(actual.Length <= width);
        Assert.EndsWith(text[^4..], actual, StringComparison.Ordinal);
        if (text.Length <= width)
            Assert.Equal(text, actual);
    }

    private static StateChange Change(string local, string remote, Provenance provenance, string cause)
    {
        Assert.True(Endpoint.TryParse(local, out var here) & Endpoint.TryParse(remote, out var there));
        return new StateChange(new ConnectionEnd(new FourTuple(here, there)), s_time, TcpState.FinWait2, TcpState.TimeWait, provenance, Duration.FromMicroseconds(214)) { Cause = cause };
    }

    private static Paint Plain() => Paint.For(new CommandContext(TextWriter.Null, TextWriter.Null, _ => null, () => default, default));
}
