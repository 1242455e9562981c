using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>One JSON object a packet, under the same names as a run's packets; README lists them.</summary>
internal sealed class PacketJson : PacketPrinter, IDisposable
{
    private static readonly string[] s_flags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly TcpdumpLine _line = new(LineTime.None);
    private readonly byte[] _summary = new byte[64 << 10];

    public PacketJson() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public override bool NeedsHistory => true;

    public override void PassOver(in Frame frame) => _line.PassOver(frame);

    public override PacketPrinter? Fork() => new PacketJson();

    public override bool TryPrepare(in Frame frame, out SequenceOrigin? origin)
    {
        bool found = _line.TryPrepare(frame, out var numbers);
        origin = numbers;
        return found;
    }

    public override void Print(in Frame frame, ByteOutput output)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        Write(frame);
        _json.WriteEndObject();
        _json.Flush();
        output.Write(_buffer.WrittenSpan);
        output.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();

    private void Write(in Frame frame)
    {
        PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers);
        _json.WriteString("time", frame.Time.ToString());
        _json.WriteString("kind", "packet");
        _json.WriteString("provenance", "observed");
        _json.WriteNumber("number", frame.Number);
        _json.WriteNumber("length", frame.WireLength);
        _json.WriteString("protocol", Protocol(headers));
        if (headers.IsTcp || headers.IsUdp)
        {
            _json.WriteString("source", headers.SourceEndpoint.ToString());
            _json.WriteString("destination", headers.DestinationEndpoint.ToString());
        }
        else if (headers.Network is EtherType.Ipv4 or EtherType.Ipv6)
        {
            _json.WriteString("source", headers.Source.ToString());
            _json.WriteString("destination", headers.Destination.ToString());
        }

        _json.WriteString("summary", _summary.AsSpan(0, _line.Write(frame, _summary.AsSpan())));
        if (!headers.IsTcp)
            return;
        _json.WriteStartArray("flags");
        for (int bit = 0; bit < s_flags.Length; bit++)
        {
            if (((int)headers.TcpFlags >> bit & 1) != 0)
                _json.WriteStringValue(s_flags[bit]);
        }

        _json.WriteEndArray();
        var numbers = frame.Context ?? default;
        _json.WriteNumber("seq", headers.SequenceNumber - numbers.SequenceBase);
        if (headers.TcpFlags.HasFlag(TcpFlags.Ack))
            _json.WriteNumber("ack", headers.AcknowledgmentNumber - numbers.AcknowledgmentBase);
        _json.WriteNumber("window", headers.Window);
        _json.WriteNumber("payloadLength", headers.PayloadLength);
    }

    private static string Protocol(in PacketHeaders headers) => headers switch
    {
        { IsTcp: true } => "TCP",
        { IsUdp: true } => "UDP",
        { Network: EtherType.Arp } => "ARP",
        { Network: EtherType.Ipv4 or EtherType.Ipv6 } => headers.Transport.ToString().ToUpperInvariant(),
        _ => "unknown",
    };
}
