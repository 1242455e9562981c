using NetLab.Core.Dns;
using NetLab.Core.Packets;

namespace NetLab.Core.Session;

/// <summary>A packet that carried a part of a walk.</summary>
/// <param name="Time">When it passed.</param>
/// <param name="Link">The kind of its link.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="WireLength">How many there were on the wire.</param>
/// <param name="Tuple">From where to where.</param>
public sealed record DnsPacket(Timestamp Time, LinkType Link, ReadOnlyMemory<byte> Bytes, int WireLength, FourTuple Tuple);

/// <summary>The packets of the walks' port, out of the journal; the newest of them. It belongs to one thread.</summary>
/// <param name="journal">The journal.</param>
public sealed class DnsPackets(Journal journal)
{
    private const int Bound = 2_000;

    // The end of a TCP connection comes after its answer.
    private static readonly Duration s_after = Duration.FromMilliseconds(20);
    private readonly List<DnsPacket> _packets = [];
    private JournalReader? _reader;
    private byte[] _buffer = [];
    private ushort _port;

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
            _packets.Add(new DnsPacket(entry.Time, link, data.ToArray(), entry.Detail.Packet.OriginalLength, headers.FourTuple));
        }
    }

    /// <summary>The packets that passed between the walker and the server of a step while it was asked.</summary>
    public IReadOnlyList<DnsPacket> Of(DnsWalkStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        // Each question has a port of its own, so what began while it was asked is its own.
        HashSet<FourTuple> known = [];
        var found = new List<DnsPacket>();
        foreach (var packet in _packets)
        {
            bool isQuery = packet.Tuple.Remote == step.Address;
            if ((!isQuery && packet.Tuple.Local != step.Address) || packet.Time < step.Sent || packet.Time > step.Ended + s_after)
                continue;
            var tuple = isQuery ? packet.Tuple : packet.Tuple.Reversed;
            if (known.Contains(tuple) || (isQuery && packet.Time <= step.Ended && known.Add(tuple)))
                found.Add(packet);
        }

        return found;
    }
}
