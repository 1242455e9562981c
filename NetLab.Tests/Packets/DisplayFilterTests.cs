using System.Buffers.Binary;
using System.Net;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class DisplayFilterTests
{
    /// <summary>Raw IPv4, TCP 10.0.0.1:45026 → 127.0.0.1:8000, PSH and ACK, a request.</summary>
    private static byte[] Request()
    {
        byte[] payload = "GET /index HTTP/1.1\r\nHost: lab\r\n\r\n"u8.ToArray();
        byte[] packet = new byte[40 + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 6;
        IPAddress.Parse("10.0.0.1").TryWriteBytes(packet.AsSpan(12), out _);
        IPAddress.Parse("127.0.0.1").TryWriteBytes(packet.AsSpan(16), out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 45026);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), 8000);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), 1);
        packet[32] = 0x50;
        packet[33] = 0x18;
        payload.CopyTo(packet, 40);
        return packet;
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("tcp", true)]
    [InlineData("udp", false)]
    [InlineData("!udp", true)]
    [InlineData("not udp and tcp", true)]
    [InlineData("tcp.port == 8000", true)]
    [InlineData("tcp.port == 8001", false)]
    [InlineData("tcp.port != 8000", false)]
    [InlineData("tcp.port != 1", true)]
    [InlineData("udp.port != 1", false)]
    [InlineData("tcp.srcport > 45000 && tcp.dstport <= 8000", true)]
    [InlineData("tcp.port in {80, 8000}", true)]
    [InlineData("tcp.port in {1..100 9000..9999}", false)]
    [InlineData("ip.addr == 127.0.0.0/8", true)]
    [InlineData("ip.src == 127.0.0.0/8", false)]
    [InlineData("ip.addr == 10.0.0.1 || udp", true)]
    [InlineData("tcp.flags == 0x18", true)]
    [InlineData("tcp.flags.push == 1", true)]
    [InlineData("tcp.flags.syn == true", false)]
    [InlineData("http.request.method == \"GET\"", true)]
    [InlineData("http.request.uri contains \"dex\"", true)]
    [InlineData("http.host == lab", true)]
    [InlineData("frame contains \"HTTP/1.1\"", true)]
    [InlineData("tcp.payload contains 47:45:54", false)]
    [InlineData("(tcp or udp) and (http)", true)]
    [InlineData("dns.qry.name == \"a\"", false)]
    public void A_filter_matches_what_it_says(string text, bool matches)
    {
        Assert.True(DisplayFilter.TryCompile(text, out var filter, out var error), error.ToString());
        Assert.Equal(matches, filter!.Matches(new Frame(LinkType.Raw, Request(), 0), new Dissection()));
    }

    [Theory]
    [InlineData("tcp.prot == 80", 1)]
    [InlineData("tcp and foo", 9)]
    [InlineData("ip.src == abc", 11)]
    [InlineData("ip.src == 1.2.3.4/33", 11)]
    [InlineData("tcp.port ==", 12)]
    [InlineData("(tcp", 1)]
    [InlineData("tcp udp", 5)]
    [InlineData("tcp.port in 80", 13)]
    [InlineData("tcp.port in {80", 13)]
    [InlineData("http.host == \"x", 14)]
    [InlineData("tcp == 1", 7)]
    [InlineData("tcp &&", 7)]
    public void A_mistake_names_its_column(string text, int column)
    {
        Assert.False(DisplayFilter.TryCompile(text, out var filter, out var error));
        Assert.Null(filter);
        Assert.Equal(column, error.Column);
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void Parentheses_without_end_are_an_error_and_no_overflow()
    {
        Assert.False(DisplayFilter.TryCompile(new string('(', 100_000), out _, out var error));
        Assert.True(error.Column > 0);
    }

    [Fact]
    public void A_filter_is_dissected_only_as_far_as_it_asks()
    {
        Assert.True(DisplayFilter.TryCompile("ip.src == 10.0.0.1", out var filter, out _));
        Assert.Equal(DissectionScope.Network, filter!.Scope);
        Assert.True(DisplayFilter.TryCompile("tcp.checksum.status == 0", out filter, out _));
        Assert.Equal(DissectionScope.Transport | DissectionScope.Checksums, filter!.Scope);
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        Assert.True(DisplayFilter.TryCompile("tcp.port == 8000 && http.request.uri contains \"dex\"", out var filter, out _));
        byte[] packet = Request();
        var scratch = new Dissection();
        for (int round = 0; round < 50; round++)
            filter!.Matches(new Frame(LinkType.Raw, packet, 0), scratch);
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (int round = 0; round < 1000; round++)
                filter!.Matches(new Frame(LinkType.Raw, packet, 0), scratch);
        }));
    }

    [Fact]
    public void The_short_line_shows_ports_flags_and_numbers()
    {
        byte[] packet = Request();
        Assert.True(PacketHeaders.Parse(LinkType.Raw, packet, out var headers));
        var line = new Utf8Line(new byte[200]);
        ShortLine.Write(ref line, headers);
        Assert.Equal(":45026 → :8000  [P.] 1:35 len 34", System.Text.Encoding.UTF8.GetString(line.Written));
    }

    [Fact]
    public void Selected_fields_are_written_in_columns()
    {
        Assert.True(FieldSelection.TryParse("ip.src,tcp.port,tcp.flags,http.request.uri,dns.id,tcp", out var selection, out _));
        byte[] packet = Request();
        var dissection = new Dissection();
        Dissector.Dissect(new Frame(LinkType.Raw, packet, 0), dissection, selection!);
        var line = new Utf8Line(new byte[200]);
        selection!.WriteColumns(ref line, dissection, packet);
        Assert.Equal("10.0.0.1\t45026,8000\t0x0018\t/index\t\tTransmission Control Protocol", System.Text.Encoding.UTF8.GetString(line.Written));
        Assert.False(FieldSelection.TryParse("ip.src,nothing", out _, out var error));
        Assert.Equal(8, error.Column);
    }

    [Fact]
    public void A_field_lights_its_bytes_and_a_byte_its_field()
    {
        byte[] packet = Request();
        var dissection = new Dissection();
        Dissector.Dissect(new Frame(LinkType.Raw, packet, 0), dissection);
        var field = dissection.Fields[dissection.FieldAt(23)];
        Assert.Equal("tcp.dstport", field.Definition.Name);
        Assert.Equal((22, 2), (field.Offset, field.Length));
    }
}
