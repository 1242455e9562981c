using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NetLab.Core.Dns;

/// <summary>One option of EDNS (RFC 6891 section 6.1.2).</summary>
public sealed class DnsOption : IEquatable<DnsOption>
{
    /// <summary>The server's identifier (RFC 5001).</summary>
    public const ushort NameServerId = 3;

    /// <summary>The client's subnet (RFC 7871).</summary>
    public const ushort ClientSubnet = 8;

    /// <summary>A cookie (RFC 7873).</summary>
    public const ushort Cookie = 10;

    /// <summary>Padding (RFC 7830).</summary>
    public const ushort Padding = 12;

    /// <summary>An extended error (RFC 8914).</summary>
    public const ushort ExtendedError = 15;

    private static readonly string[] s_errors =
    [
        "Other", "Unsupported DNSKEY Algorithm", "Unsupported DS Digest Type", "Stale Answer", "Forged Answer", "DNSSEC Indeterminate",
        "DNSSEC Bogus", "Signature Expired", "Signature Not Yet Valid", "DNSKEY Missing", "RRSIGs Missing", "No Zone Key Bit Set",
        "NSEC Missing", "Cached Error", "Not Ready", "Blocked", "Censored", "Filtered", "Prohibited", "Stale NXDOMAIN Answer",
        "Not Authoritative", "Not Supported", "No Reachable Authority", "Network Error", "Invalid Data",
    ];

    private readonly byte[] _octets;

    /// <summary>An option of any code.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="octets">Its data.</param>
    public DnsOption(ushort code, ReadOnlySpan<byte> octets)
    {
        Code = code;
        _octets = octets.ToArray();
    }

    /// <summary>Its code.</summary>
    public ushort Code { get; }

    /// <summary>Its data.</summary>
    public ReadOnlySpan<byte> Octets => _octets;

    /// <summary>The subnet that a client is in: as many octets of the address as the prefix needs (RFC 7871 section 6).</summary>
    /// <param name="address">The address; its bits behind the prefix are not sent.</param>
    /// <param name="prefix">The length of the prefix in bits.</param>
    public static DnsOption OfSubnet(IPAddress address, int prefix)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] octets = address.GetAddressBytes();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)prefix, (uint)(8 * octets.Length));
        int length = (prefix + 7) / 8;
        if (prefix % 8 != 0)
            octets[length - 1] &= (byte)(0xFF << 8 - prefix % 8);
        return new DnsOption(ClientSubnet, [0, (byte)(address.AddressFamily == AddressFamily.InterNetwork ? 1 : 2), (byte)prefix, 0, .. octets.AsSpan(0, length)]);
    }

    /// <summary>An extended error (RFC 8914).</summary>
    public static DnsOption OfError(ushort code, string text = "") =>
        new(ExtendedError, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>The option as dig shows it behind "; ": never a control character.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        switch (Code)
        {
            case NameServerId:
                text.Append("NSID: ").AppendJoin(' ', _octets.Select(octet => octet.ToString("x2"))).Append(" (");
                DnsText.AppendQuoted(text, _octets);
                return text.Append(')').ToString();
            case ClientSubnet when _octets.Length >= 4:
                return $"CLIENT-SUBNET: {Subnet()}/{_octets[2]}/{_octets[3]}";
            case Cookie:
                return $"COOKIE: {Convert.ToHexStringLower(_octets)}";
            case Padding:
                return $"PAD ({_octets.Length} bytes)";
            case ExtendedError when _octets.Length >= 2:
                int code = BinaryPrimitives.ReadUInt16BigEndian(_octets);
                text.Append("EDE: ").Append(code);
                if (code < s_errors.Length)
                    text.Append(" (").Append(s_errors[code]).Append(')');
                if (_octets.Length > 2)
                {
                    text.Append(": ");
                    DnsText.AppendQuoted(text, _octets.AsSpan(2));
                }

                return text.ToString();
            default:
                return $"OPT={Code}: {Convert.ToHexStringLower(_octets)}";
        }
    }

    private string Subnet()
    {
        int family = BinaryPrimitives.ReadUInt16BigEndian(_octets);
        byte[] address = new byte[family == 1 ? 4 : 16];
        if (family is not (1 or 2) || _octets.Length - 4 > address.Length)
            return Convert.ToHexStringLower(_octets.AsSpan(4));
        _octets.AsSpan(4).CopyTo(address);
        return new IPAddress(address).ToString();
    }

    /// <inheritdoc/>
    public bool Equals(DnsOption? other) => other is not null && Code == other.Code && _octets.AsSpan().SequenceEqual(other._octets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsOption);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, _octets.Length);
}
