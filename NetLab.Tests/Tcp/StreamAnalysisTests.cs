using System.Globalization;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Tests.Support;

namespace NetLab.Tests.Tcp;

public class StreamAnalysisTests
{
    private const string Handshake = "> S seq 100\n< SA seq 300 ack 101\n> A seq 101 ack 301\n";

    private static readonly (string Column, StreamMarks Mark)[] Columns =
    [
        ("tcp.analysis.fast_retransmission", StreamMarks.FastRetransmission),
        ("tcp.analysis.spurious_retransmission", StreamMarks.SpuriousRetransmission),
        ("tcp.analysis.out_of_order", StreamMarks.OutOfOrder),
        ("tcp.analysis.duplicate_ack", StreamMarks.DuplicateAck),
        ("tcp.analysis.lost_segment", StreamMarks.LostSegment),
        ("tcp.analysis.ack_lost_segment", StreamMarks.AckedUnseenSegment),
        ("tcp.analysis.keep_alive", StreamMarks.KeepAlive),
        ("tcp.analysis.keep_alive_ack", StreamMarks.KeepAliveAck),
        ("tcp.analysis.zero_window", StreamMarks.ZeroWindow),
        ("tcp.analysis.zero_window_probe", StreamMarks.ZeroWindowProbe),
        ("tcp.analysis.window_full", StreamMarks.WindowFull),
        ("tcp.analysis.window_update", StreamMarks.WindowUpdate),
        ("tcp.analysis.reused_ports", StreamMarks.ReusedPorts),
    ];

    [Theory]
    [InlineData("> PA seq 101 ack 301 len 10\n> PA seq 101 ack 301 len 10", StreamMarks.Retransmission)]
    [InlineData("> PA seq 101 ack 301 len 10\n< A seq 301 ack 111\n> PA seq 101 ack 301 len 10", StreamMarks.SpuriousRetransmission)]
    [InlineData("> PA seq 111 ack 301 len 10", StreamMarks.LostSegment)]
    [InlineData("> PA seq 111 ack 301 len 10\n> PA seq 101 ack 301 len 10", StreamMarks.OutOfOrder)]
    [InlineData("> PA seq 111 ack 301 len 10\n< A seq 301 ack 101\n< A seq 301 ack 101\n< A seq 301 ack 101\n> PA seq 101 ack 301 len 10", StreamMarks.FastRetransmission)]
    [InlineData("> PA seq 111 ack 301 len 10\n< A seq 301 ack 101\n< A seq 301 ack 101", StreamMarks.DuplicateAck)]
    [InlineData("< A seq 301 ack 201", StreamMarks.AckedUnseenSegment)]
    [InlineData("> A seq 100 ack 301", StreamMarks.KeepAlive)]
    [InlineData("< A seq 301 ack 101\n> A seq 100 ack 301\n< A seq 301 ack 101", StreamMarks.KeepAliveAck)]
    [InlineData("< A seq 301 ack 101 win 0", StreamMarks.ZeroWindow)]
    [InlineData("< A seq 301 ack 101 win 0\n> A seq 101 ack 301 len 1", StreamMarks.ZeroWindowProbe)]
    [InlineData("> PA seq 101 ack 301 len 64", StreamMarks.WindowFull)]
    [InlineData("> A seq 101 ack 301 win 99", StreamMarks.WindowUpdate)]
    [InlineData("> R seq 101\n> S seq 999", StreamMarks.ReusedPorts)]
    [InlineData("> PA seq 101 ack 301 len 10\n< A seq 301 ack 111", StreamMarks.None)]
    public void The_last_segment_is_marked(string segments, StreamMarks expected)
    {
        var analysis = new StreamAnalysis();
        var marks = StreamMarks.None;
        int time = 0;
        foreach (string line in (Handshake + segments).Split('\n'))
        {
            var (segment, sender) = Wire.Parse(line);
            marks = analysis.Take(segment, sender, Wire.At(++time));
        }

        Assert.Equal(expected, marks);
    }

    [Fact]
    public void A_segment_sent_twice_measures_no_round_trip()
    {
        var analysis = new StreamAnalysis();
        int time = 0;
        foreach (string line in (Handshake + "> PA seq 101 ack 301 len 10\n> PA seq 101 ack 301 len 10\n< A seq 301 ack 111").Split('\n'))
        {
            var (segment, sender) = Wire.Parse(line);
            analysis.Take(segment, sender, Wire.At(++time));
        }

        Assert.Null(analysis.RoundTrip);
        Assert.Equal(1, analysis.Figures(0).RoundTrips);
        Assert.Equal(1, analysis.Figures(0).Retransmissions);
        Assert.Equal(Duration.FromMilliseconds(1), analysis.Figures(0).ShortestRoundTrip);
    }

    [Fact]
    public void Marks_and_round_trips_are_those_of_tshark()
    {
        var differences = new List<string>();
        var unmeasured = new List<string>();
        int compared = 0, roundTrips = 0;
        foreach (string capture in Fixtures.Captures)
        {
            string expected = Fixtures.Expected("tcp", Path.GetFileName(capture) + ".tsv");
            if (File.Exists(expected))
                Compare(capture, expected, differences, unmeasured, ref compared, ref roundTrips);
        }

        Assert.True(compared > 500 && roundTrips > 250, $"{compared} segments, {roundTrips} round trips");
        Assert.Equal(11, unmeasured.Count);
        Assert.True(differences.Count == 0, $"of {compared} segments, {roundTrips} round trips\n{string.Join('\n', differences)}");
    }

    private static void Compare(string capture, string expected, List<string> differences, List<string> unmeasured, ref int compared, ref int roundTrips)
    {
        var packets = FixtureCapture.Read(capture).ToDictionary(packet => packet.Number);
        string[] lines = File.ReadAllLines(expected);
        string[] header = lines[0].Split('\t');
        var analyses = new Dictionary<string, (StreamAnalysis Analysis, FourTuple First)>();
        foreach (string line in lines.Skip(1))
        {
            var row = header.Zip(line.Split('\t')).ToDictionary(pair => pair.First, pair => pair.Second);
            if (!packets.TryGetValue(int.Parse(row["frame.number"]), out var packet)
                || !PacketHeaders.Parse(packet.LinkType, packet.Bytes, out var headers) || !headers.IsTcp || row["tcp.seq_raw"] != $"{headers.SequenceNumber}")
                continue;
            var segment = new TcpSegment(headers.FourTuple, headers.TcpFlags, headers.SequenceNumber, headers.AcknowledgmentNumber, headers.Window,
                headers.PayloadLength);
            if (!analyses.TryGetValue(row["tcp.stream"], out var stream))
                analyses[row["tcp.stream"]] = stream = (new StreamAnalysis(), segment.Tuple);
            var marks = stream.Analysis.Take(segment, segment.Tuple == stream.First ? 0 : 1, packet.Time, Options(packet.Bytes, headers));
            compared++;
            string name = $"{Path.GetFileName(capture)} frame {packet.Number}";
            foreach (var (column, mark) in Columns)
            {
                if (marks.HasFlag(mark) != (row[column].Length > 0))
                    differences.Add($"{name}: {mark} is {marks.HasFlag(mark)} here");
            }

            const StreamMarks Again = StreamMarks.Retransmission | StreamMarks.FastRetransmission | StreamMarks.SpuriousRetransmission;
            if ((marks & Again) != 0 != (row["tcp.analysis.retransmission"].Length > 0))
                differences.Add($"{name}: retransmission is {(marks & Again) != 0} here");
            // tshark leaves out a round trip of zero.
            string measured = stream.Analysis.RoundTrip is { Nanoseconds: > 0 } time ? (time.Nanoseconds / 1e9m).ToString("F9", CultureInfo.InvariantCulture) : "";
            roundTrips += measured.Length > 0 ? 1 : 0;
            // tshark measures segments whose octets were sent twice (four times two, and a keep-alive twice), and one time stamp that runs backwards.
            if (measured.Length == 0 && row["tcp.analysis.ack_rtt"].Length > 0)
                unmeasured.Add(name);
            else if (measured != row["tcp.analysis.ack_rtt"])
                differences.Add($"{name}: round trip {measured} here, {row["tcp.analysis.ack_rtt"]} there");
        }
    }

    private static ReadOnlySpan<byte> Options(byte[] frame, in PacketHeaders headers)
    {
        var (offset, length) = headers.TcpOptions;
        return offset >= frame.Length ? default : frame.AsSpan(offset, Math.Min(length, frame.Length - offset));
    }
}
