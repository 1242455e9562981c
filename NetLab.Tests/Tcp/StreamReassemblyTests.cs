using System.Text;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Tcp;

public class StreamReassemblyTests
{
    private const string Handshake = "> S seq 100\n< SA seq 300 ack 101\n> A seq 101 ack 301\n";

    private readonly StringBuilder _said = new();
    private readonly StreamReassembly _streams;
    private long _packet;

    public StreamReassemblyTests() => _streams = new StreamReassembly(Say);

    [Fact]
    public void Octets_in_order_come_out_at_once_from_both_ends()
    {
        Play(Handshake + "> PA seq 101 ack 301 'GET /'\n< PA seq 301 ack 106 'hello '\n< FPA seq 307 ack 106 'word'\n> FA seq 106 ack 312");
        Assert.Equal("> 0 'GET /'|< 0 'hello '|< 6 'word'|< end 10|> end 5|", _said.ToString());
    }

    [Fact]
    public void Segments_out_of_order_wait_for_the_earlier_ones()
    {
        Play(Handshake + "> PA seq 107 ack 301 'third'\n> PA seq 104 ack 301 'two'\n> PA seq 101 ack 301 'one'");
        Assert.Equal("> 0 'one'|> 3 'two'|> 6 'third'|", _said.ToString());
        Assert.Equal(8, _streams.Figures(0).Reordered);
        Assert.Equal(0, _streams.Waiting);
    }

    [Fact]
    public void A_retransmission_comes_out_once_and_is_counted()
    {
        Play(Handshake + "> PA seq 101 ack 301 'one'\n> PA seq 101 ack 301 'one'\n> PA seq 101 ack 301 'onetwo'");
        Assert.Equal("> 0 'one'|> 3 'two'|", _said.ToString());
        Assert.Equal(new ReassemblyFigures(6, 0, 6, 0, 0), _streams.Figures(0));
    }

    [Fact]
    public void Of_an_overlap_the_first_copy_stays_and_what_differs_is_counted()
    {
        Play(Handshake + "> PA seq 104 ack 301 'DEF'\n> PA seq 103 ack 301 'cdeFg'\n> PA seq 101 ack 301 'ab'");
        Assert.Equal("> 0 'ab'|> 2 'c'|> 3 'DEF'|> 6 'g'|", _said.ToString());
        Assert.Equal(2, _streams.Figures(0).Conflicting);
    }

    [Fact]
    public void What_the_peer_acknowledged_but_was_not_captured_is_a_gap()
    {
        Play(Handshake + "> PA seq 101 ack 301 'ab'\n> PA seq 106 ack 301 'fg'\n< A seq 301 ack 108");
        Assert.Equal("> 0 'ab'|> missing 2+3|> 5 'fg'|", _said.ToString());
        Assert.Equal(3, _streams.Figures(0).Missing);
    }

    [Fact]
    public void What_waits_at_the_end_comes_out_behind_its_gap()
    {
        Play(Handshake + "> PA seq 106 ack 301 'fg'\n> FA seq 108 ack 301");
        Assert.Empty(_said.ToString());
        _streams.Finish(9, Wire.At(9));
        Assert.Equal("> missing 0+5|> 5 'fg'|> end 7|", _said.ToString());
    }

    [Fact]
    public void A_capture_that_cut_the_segments_shows_the_octets_it_lacks()
    {
        Play(Handshake + "> PA seq 101 ack 301 len 10 'abc'\n> PA seq 111 ack 301 len 10 'klm'\n< A seq 301 ack 121");
        Assert.Equal("> 0 'abc'|> missing 3+7|> 10 'klm'|> missing 13+7|", _said.ToString());
    }

    [Fact]
    public void A_capture_that_began_later_begins_with_what_it_saw_first()
    {
        Play("> PA seq 5000 ack 301 'ab'\n> PA seq 5002 ack 301 'cd'");
        Assert.Equal("> 0 'ab'|> 2 'cd'|", _said.ToString());
    }

    [Fact]
    public void Sequence_numbers_run_over_their_end()
    {
        Play("> S seq 4294967294\n> PA seq 4294967295 'ab'\n> PA seq 3 'ef'\n> PA seq 1 'cd'");
        Assert.Equal("> 0 'ab'|> 2 'cd'|> 4 'ef'|", _said.ToString());
    }

    [Fact]
    public void A_reset_and_a_new_life_of_the_same_ports_are_told()
    {
        Play(Handshake + "> PA seq 101 ack 301 'ab'\n< RA seq 301 ack 103\n> S seq 9000\n> PA seq 9001 'new'");
        Assert.Equal("> 0 'ab'|< reset 0|restart|> 0 'new'|", _said.ToString());
    }

    [Fact]
    public void What_lies_further_than_any_window_is_not_of_this_stream()
    {
        Play(Handshake + "> PA seq 2000000000 ack 301 'stray'\n< A seq 301 ack 2000000000\n> PA seq 101 ack 301 'ab'");
        Assert.Equal("> 0 'ab'|", _said.ToString());
    }

    [Fact]
    public void What_waits_stays_within_its_bound()
    {
        long delivered = 0, missing = 0;
        var streams = new StreamReassembly((in StreamChunk chunk, ReadOnlySpan<byte> data) =>
        {
            delivered += data.Length;
            missing += chunk.Kind == StreamChunkKind.Missing ? chunk.Length : 0;
        }, bound: 1_000);
        // Every other octet was lost, and no acknowledgment tells so.
        for (uint index = 0; index < 10_000; index++)
        {
            streams.Take(new TcpSegment(Wire.Tuple, TcpFlags.Ack, 2 * index, 0, 64, 1), 0, [1], index, Wire.At(0));
            Assert.InRange(streams.Waiting, 0, 1_000);
        }

        streams.Finish(0, Wire.At(0));
        Assert.Equal((10_000, 9_999), (delivered, missing));
    }

    [Fact]
    public void Segments_in_any_order_cut_anyhow_give_the_stream_back()
    {
        for (int round = 0; round < 500; round++)
        {
            int seed = Environment.TickCount + round;
            var random = new Random(seed);
            byte[] sent = new byte[random.Next(1, 400)];
            random.NextBytes(sent);
            uint first = (uint)random.NextInt64(uint.MaxValue);
            byte[] received = new byte[sent.Length];
            long next = 0;
            var streams = new StreamReassembly((in StreamChunk chunk, ReadOnlySpan<byte> data) =>
            {
                Assert.True(chunk.Offset == next, $"seed {seed}");
                Assert.True(chunk.Kind is StreamChunkKind.Data or StreamChunkKind.Missing, $"seed {seed}");
                // A gap keeps what is not there: it counts as right.
                var place = received.AsSpan((int)chunk.Offset, (int)chunk.Length);
                (chunk.Kind == StreamChunkKind.Data ? data : sent.AsSpan((int)chunk.Offset, (int)chunk.Length)).CopyTo(place);
                next += chunk.Length;
            }, bound: random.Next(2) == 0 ? 1 << 20 : random.Next(200));
            streams.Take(new TcpSegment(Wire.Tuple, TcpFlags.Syn, first - 1, 0, 64, 0), 0, [], 0, Wire.At(0));
            for (int segment = 0; segment < 60; segment++)
            {
                int from = random.Next(sent.Length), length = random.Next(1, sent.Length - from + 1);
                streams.Take(new TcpSegment(Wire.Tuple, TcpFlags.Ack, first + (uint)from, 0, 64, length), 0, sent.AsSpan(from, length), segment, Wire.At(segment));
            }

            streams.Finish(99, Wire.At(99));
            Assert.True(received.AsSpan(0, (int)next).SequenceEqual(sent.AsSpan(0, (int)next)), $"seed {seed}");
            var figures = streams.Figures(0);
            Assert.Equal((next, 0), (figures.Delivered + figures.Missing, figures.Conflicting));
        }
    }

    private void Play(string lines)
    {
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split('\'');
            var (segment, sender) = Wire.Parse(parts[0]);
            byte[] payload = parts.Length > 1 ? Encoding.ASCII.GetBytes(parts[1]) : [];
            segment = segment with { PayloadLength = Math.Max(segment.PayloadLength, payload.Length) };
            _streams.Take(segment, sender, payload, ++_packet, Wire.At((int)_packet));
        }
    }

    private void Say(in StreamChunk chunk, ReadOnlySpan<byte> data)
    {
        string text = Encoding.ASCII.GetString(data);
        _said.Append(chunk.Kind == StreamChunkKind.Restart ? "" : chunk.Sender == 0 ? "> " : "< ");
        _said.Append(chunk.Kind switch
        {
            StreamChunkKind.Data => $"{chunk.Offset} '{text}'",
            StreamChunkKind.Missing => $"missing {chunk.Offset}+{chunk.Length}",
            StreamChunkKind.End => $"end {chunk.Offset}",
            StreamChunkKind.Reset => $"reset {chunk.Offset}",
            _ => "restart",
        }).Append('|');
    }
}
