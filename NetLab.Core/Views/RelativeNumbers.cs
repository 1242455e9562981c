using NetLab.Core.Packets;

namespace NetLab.Core.Views;

/// <summary>The initial sequence number of each sender, so that its numbers can be shown from 0. Bounded: when full it begins anew.</summary>
public sealed class RelativeNumbers
{
    private const int Bound = 32_768;
    private readonly Dictionary<FourTuple, uint> _initial = [];

    /// <summary>What to take from a packet's sequence and acknowledgment number, given the packets before it.</summary>
    public (uint Sequence, uint Acknowledgment) Find(in PacketHeaders headers)
    {
        if (!headers.IsTcp)
            return default;
        var tuple = headers.FourTuple;
        bool opens = headers.TcpFlags.HasFlag(TcpFlags.Syn);
        if (_initial.Count >= Bound)
            _initial.Clear();
        if (opens)
            _initial[tuple] = headers.SequenceNumber;
        // Without its SYN a sender's first octet seen counts as 1, as if the SYN had come just before.
        else if (!_initial.ContainsKey(tuple))
            _initial[tuple] = headers.SequenceNumber - 1;
        if (!headers.TcpFlags.HasFlag(TcpFlags.Ack))
            return (_initial[tuple], 0);
        if (!_initial.TryGetValue(tuple.Reversed, out uint peer))
            _initial[tuple.Reversed] = peer = headers.AcknowledgmentNumber - 1;
        return (_initial[tuple], peer);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _initial.Clear();
}
