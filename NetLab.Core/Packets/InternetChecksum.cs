using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetLab.Core.Packets;

/// <summary>What is known of a checksum; the numbers are tshark's of <c>*.checksum.status</c>.</summary>
public enum ChecksumStatus : byte
{
    /// <summary>The sum does not match the bytes, and offload does not explain it.</summary>
    Bad = 0,

    /// <summary>The sum matches.</summary>
    Good = 1,

    /// <summary>Not all the bytes it covers are at hand, or nobody asked.</summary>
    Unverified = 2,

    /// <summary>The sender left it out (UDP over IPv4, RFC 768).</summary>
    Absent = 3,
}

/// <summary>The Internet checksum (RFC 1071): the one's complement sum of 16-bit words.</summary>
public static class InternetChecksum
{
    /// <summary>The unfolded sum of <paramref name="bytes"/> in network order, added to <paramref name="sum"/>; an odd last byte is padded with zero.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> bytes)
    {
        // Summing in host order and swapping once at the end gives the same sum (RFC 1071 section 2.B).
        ulong hostOrder = 0;
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        foreach (uint word in words)
            hostOrder += word;
        var rest = bytes[(words.Length * 4)..];
        Span<byte> last = stackalloc byte[4];
        last.Clear();
        rest.CopyTo(last);
        hostOrder += MemoryMarshal.Read<uint>(last);
        ushort folded = Fold(hostOrder);
        return sum + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded);
    }

    /// <summary>The sum folded to 16 bits (not complemented): 0xFFFF over bytes that hold a right checksum.</summary>
    public static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)sum;
    }

    /// <summary>The sum of the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293 section 3.1, RFC 8200 section 8.1).</summary>
    /// <param name="addresses">Source and destination address side by side, as in the IP header: 8 or 32 bytes.</param>
    /// <param name="protocol">The protocol of the payload.</param>
    /// <param name="length">The payload's length in bytes.</param>
    public static ulong PseudoHeader(ReadOnlySpan<byte> addresses, IpProtocol protocol, int length) =>
        Add(0, addresses) + (uint)protocol + ((uint)length >> 16) + ((uint)length & 0xFFFF);

    /// <summary>
    /// Whether <paramref name="payload"/> sums up with its pseudo-header. A sum that is only the pseudo-header's own is what a
    /// sender writes who leaves the rest to the network card: offload, not an error, and it reads <see cref="IsPartial"/>.
    /// </summary>
    public static ChecksumStatus Verify(ulong pseudoHeader, ReadOnlySpan<byte> payload) =>
        Fold(Add(pseudoHeader, payload)) == 0xFFFF ? ChecksumStatus.Good : ChecksumStatus.Bad;

    /// <summary>Whether <paramref name="checksum"/> is the pseudo-header's sum alone: checksum offload by the capturing host.</summary>
    public static bool IsPartial(ulong pseudoHeader, ushort checksum) => checksum == Fold(pseudoHeader);
}
