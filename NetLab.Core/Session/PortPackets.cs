using NetLab.Core.Packets;

namespace NetLab.Core.Session;

/// <summary>A packet that passed a port which somebody watches.</summary>
/// <param name="Time">When it passed.</param>
/// <param name="Link">The kind of its link.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="WireLength">How many there were on the wire.</param>
/// <param name="Tuple">From where to where.</param>
public sealed record PortPacket(Timestamp Time, LinkType Link, ReadOnlyMemory<byte> Bytes, int WireLength, FourTuple Tuple);

/// <summary>The packets of one port, out of the journal; the newest of them. It belongs to one thread.</summary>
/// <param name="journal">The journal.</param>
public class PortPackets(Journal journal)
{
    private const int Bound = 2_000;

    private readonly List<PortPacket> _packets = [];
    private JournalReader? _reader;
    private byte[] _buffer = [];
    private ushort _port;

    /// <summary>Those that are kept, the oldest first.</summary>
    protected IReadOnlyList<PortPacket> All => _packets;

    /// <summary>Begins to collect the packets of a port.</summary>
    public void Begin(ushort port)
    {
        _reader ??= journal.OpenReader();
        _port = port;
    }

    /// <summary>Takes in what has been captured.</summary>
    public void Advance(Timestamp now)
    {
        while (_reader is not null && _reader.TryRead(now, out var entry, out var reference))
        {
            if (entry.Kind != EventKind.Packet || !journal.TryGet(reference, ref _buffer, out _, out var data))
                continue;
            var link = (LinkType)entry.Detail.Packet.LinkType;
            if (!PacketHeaders.Parse(link, data, out var headers) || (headers.SourcePort != _port && headers.DestinationPort != _port))
                continue;
            if (_packets.Count == Bound)
                _packets.RemoveRange(0, Bound / 4);
            _packets.Add(new PortPacket(entry.Time, link, data.ToArray(), entry.Detail.Packet.OriginalLength, headers.FourTuple));
        }
    }
}
