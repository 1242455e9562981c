using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetLab.Core.Packets;

/// <summary>How TCP's sequence numbers are written.</summary>
public enum SequenceNumbers
{
    /// <summary>From the first one seen of their connection.</summary>
    Relative,

    /// <summary>As on the wire (tcpdump's -S).</summary>
    Absolute,
}

/// <summary>
/// The first sequence numbers of each connection, from which relative ones count, as tcpdump keeps them: recorded at the first
/// packet with ACK and again at every SYN with ACK. Bounded: a full set forgets the connection that was recorded first.
/// </summary>
public sealed class SequenceBase
{
    private const int Ways = 4;
    private readonly Entry[] _entries;
    private readonly int _setMask;
    private uint _clock;

    /// <summary>A table for about <paramref name="connections"/> connections at a time (56 bytes each).</summary>
    public SequenceBase(int connections = 8192)
    {
        int sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, connections / Ways));
        _entries = new Entry[sets * Ways];
        _setMask = sets - 1;
    }

    /// <summary>
    /// Gives what to take from the numbers of one packet with ACK. Returns zeros for the packet that records its connection,
    /// whose own numbers are therefore written as they are.
    /// </summary>
    /// <param name="addresses">Source and destination address side by side, as in the IP header: 8 or 32 bytes.</param>
    /// <param name="sourcePort">The source port.</param>
    /// <param name="destinationPort">The destination port.</param>
    /// <param name="flags">The packet's flags, ACK among them.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="acknowledgment">Its acknowledgment number.</param>
    /// <returns>What to take from the sequence number, from the acknowledgment number, and from SACK edges.</returns>
    internal (uint Sequence, uint Acknowledgment, uint Sack) Find(ReadOnlySpan<byte> addresses, ushort sourcePort, ushort destinationPort,
        TcpFlags flags, uint sequence, uint acknowledgment)
    {
        int half = addresses.Length / 2;
        bool reversed = sourcePort > destinationPort
            || (sourcePort == destinationPort && addresses[..half].SequenceCompareTo(addresses[half..]) > 0);
        var key = new Key(addresses, half, reversed, sourcePort, destinationPort);
        var set = _entries.AsSpan((int)(key.Hash() & (uint)_setMask) * Ways, Ways);
        int oldest = 0;
        for (int way = 0; way < Ways; way++)
        {
            ref var entry = ref set[way];
            if (entry.Stamp != 0 && entry.Key.Equals(key))
            {
                if ((flags & TcpFlags.Syn) == 0)
                    return reversed ? (entry.Backward, entry.Forward, entry.Backward) : (entry.Forward, entry.Backward, entry.Backward);
                oldest = way;
                break;
            }

            if (entry.Stamp < set[oldest].Stamp)
                oldest = way;
        }

        ref var made = ref set[oldest];
        made.Key = key;
        made.Stamp = ++_clock == 0 ? _clock = 1 : _clock;
        (made.Forward, made.Backward) = reversed ? (acknowledgment - 1, sequence) : (sequence, acknowledgment - 1);
        return (0, 0, reversed ? made.Forward : made.Backward);
    }

    private struct Entry
    {
        public Key Key;
        public uint Stamp;
        public uint Forward;
        public uint Backward;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Key : IEquatable<Key>
    {
        private readonly ulong _a;
        private readonly ulong _b;
        private readonly ulong _c;
        private readonly ulong _d;
        private readonly uint _ports;

        public Key(ReadOnlySpan<byte> addresses, int half, bool reversed, ushort sourcePort, ushort destinationPort)
        {
            var first = reversed ? addresses[half..] : addresses[..half];
            var second = reversed ? addresses[..half] : addresses[half..];
            _ports = reversed ? (uint)(destinationPort << 16 | sourcePort) : (uint)(sourcePort << 16 | destinationPort);
            if (half == 4)
            {
                _a = BinaryPrimitives.ReadUInt32BigEndian(first);
                _c = BinaryPrimitives.ReadUInt32BigEndian(second);
                return;
            }

            _a = BinaryPrimitives.ReadUInt64BigEndian(first);
            _b = BinaryPrimitives.ReadUInt64BigEndian(first[8..]);
            _c = BinaryPrimitives.ReadUInt64BigEndian(second);
            _d = BinaryPrimitives.ReadUInt64BigEndian(second[8..]);
        }

        public bool Equals(Key other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d && _ports == other._ports;

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => (int)Hash();

        public uint Hash()
        {
            ulong mixed = ((_a ^ _b * 0x9E3779B97F4A7C15) + _c) * 0xBF58476D1CE4E5B9 ^ (_d + _ports) * 0x94D049BB133111EB;
            return (uint)(mixed >> 32) ^ (uint)mixed >> 7;
        }
    }
}
