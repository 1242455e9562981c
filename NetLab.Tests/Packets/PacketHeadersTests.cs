using System.Buffers.Binary;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class PacketHeadersTests
{
    private static byte[] Tcp(int totalLength, byte offset = 0x50)
    {
        byte[] packet = new byte[60];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)totalLength);
        packet[9] = 6;
        packet[12] = packet[16] = 127;
        packet[15] = packet[19] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 45026);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), 8000);
        packet[32] = offset;
        packet[33] = 0x02;
        return packet;
    }

    [Fact]
    public void A_tcp_packet_names_its_connection()
    {
        Assert.True(PacketHeaders.Parse(LinkType.Raw, Tcp(50), out var headers));
        Assert.Equal("127.0.0.1:45026 ⇄ 127.0.0.1:8000", headers.FourTuple.ToString());
        Assert.Equal(TcpFlags.Syn, headers.TcpFlags);
        Assert.Equal((40, 10, 10), (headers.PayloadOffset, headers.PayloadLength, headers.CapturedPayloadLength));
    }

    [Fact]
    public void A_length_beyond_what_was_captured_keeps_the_wires_length()
    {
        Assert.True(PacketHeaders.Parse(LinkType.Raw, Tcp(1500), out var headers));
        Assert.Equal((1460, 20), (headers.PayloadLength, headers.CapturedPayloadLength));
    }

    [Theory]
    [InlineData(30, 0x50, HeaderProblem.Malformed)]
    [InlineData(60, 0x40, HeaderProblem.Malformed)]
    [InlineData(50, 0xF0, HeaderProblem.Malformed)]
    public void Lengths_that_lie_are_named(int totalLength, byte offset, HeaderProblem problem)
    {
        Assert.False(PacketHeaders.Parse(LinkType.Raw, Tcp(totalLength, offset), out var headers));
        Assert.Equal(problem, headers.Problem);
    }

    [Fact]
    public void A_cut_header_is_truncated()
    {
        Assert.False(PacketHeaders.Parse(LinkType.Raw, Tcp(60).AsSpan(0, 30), out var headers));
        Assert.Equal(HeaderProblem.Truncated, headers.Problem);
    }

    [Fact]
    public void Headers_agree_with_the_dissector_over_all_captures()
    {
        var dissection = new Dissection();
        int compared = 0;
        FieldRegistry.TryFind("tcp.seq_raw", out var sequence);
        foreach (var packet in Fixtures.Captures.SelectMany(FixtureCapture.Read))
        {
            if (!PacketHeaders.Parse(packet.LinkType, packet.Bytes, out var headers) || !headers.IsTcp)
                continue;
            Dissector.Dissect(packet.Frame, dissection);
            foreach (var field in dissection.Fields)
            {
                if (field.Definition != sequence[0])
                    continue;
                Assert.Equal(field.Number, headers.SequenceNumber);
                Assert.Equal(field.Offset, headers.TransportOffset + 4);
                compared++;
                break;
            }
        }

        Assert.True(compared > 500);
    }

    [Fact]
    public void A_partial_checksum_is_offload_and_no_error()
    {
        byte[] packet = Tcp(60);
        ulong pseudo = InternetChecksum.PseudoHeader(packet.AsSpan(12, 8), IpProtocol.Tcp, 40);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(36), InternetChecksum.Fold(pseudo));
        var dissection = new Dissection();
        Dissector.Dissect(new Frame(LinkType.Raw, packet, 0), dissection);
        Assert.True(DisplayFilter.TryCompile("tcp.checksum.status == 0 && tcp.checksum.partial == 1", out var filter, out _));
        Assert.True(filter!.Matches(new Frame(LinkType.Raw, packet, 0), dissection));
    }
}
