using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class FrameHistoryTests
{
    [Fact]
    public void Streams_are_numbered_as_tshark_numbers_them()
    {
        int equal = 0;
        var different = new List<string>();
        foreach (string capture in Fixtures.Captures)
        {
            string expected = Fixtures.Expected("tcp", Path.GetFileName(capture) + ".tsv");
            if (!File.Exists(expected))
                continue;
            var history = new FrameHistory();
            var streams = FixtureCapture.Read(capture).ToDictionary(packet => packet.Number, packet =>
            {
                var context = history.Take(packet.Frame);
                // What a tunnel carries has no number here.
                PacketHeaders.Parse(packet.LinkType, packet.Bytes, out var headers);
                return context with { Stream = headers.IsTcp ? context.Stream : -1 };
            });
            string[] lines = File.ReadAllLines(expected);
            int number = Array.IndexOf(lines[0].Split('\t'), "frame.number"), stream = Array.IndexOf(lines[0].Split('\t'), "tcp.stream");
            foreach (string[] row in lines.Skip(1).Select(line => line.Split('\t')))
            {
                if (!streams.TryGetValue(int.Parse(row[number]), out var context) || row[stream].Contains('|') || context.Stream < 0)
                    continue;
                if (row[stream] == $"{context.Stream}")
                    equal++;
                else
                    different.Add($"{Path.GetFileName(capture)} frame {row[number]}: {context.Stream}, tshark {row[stream]}");
            }
        }

        Assert.True(equal > 500 && different.Count <= 0.001 * equal, $"{equal} equal\n{string.Join('\n', different)}");
    }

    [Fact]
    public void Numbers_count_from_the_handshake_and_windows_are_scaled()
    {
        var history = new FrameHistory();
        var contexts = MadeCapture.Exchange().Packets.Select((bytes, index) =>
            history.Take(new Frame(LinkType.Ethernet, bytes, bytes.Length) { Number = index + 1, Time = new(index * 1000) })).ToList();
        Assert.Equal((0, 1000u, 0u), (contexts[0].Stream, contexts[0].SequenceBase, contexts[0].AcknowledgmentBase));
        Assert.Equal((0, 5000u, 1000u), (contexts[1].Stream, contexts[1].SequenceBase, contexts[1].AcknowledgmentBase));
        Assert.Equal((0, 1000u, 5000u), (contexts[3].Stream, contexts[3].SequenceBase, contexts[3].AcknowledgmentBase));
        Assert.Equal((0, 1000L, 8000L), (contexts[8].Stream, contexts[8].SincePrevious.Nanoseconds, contexts[8].SinceFirst.Nanoseconds));
    }
}
