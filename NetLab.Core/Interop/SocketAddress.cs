using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Interop;

/// <summary>A struct sockaddr_storage: what bind, connect and their like take and give back.</summary>
internal struct SocketAddress
{
    /// <summary>The size of the storage in bytes.</summary>
    public const int Capacity = 128;

    /// <summary>The longest path of a unix socket in bytes, its final NUL not counted.</summary>
    public const int MaxUnixPath = 107;

    private Storage _storage;

    /// <summary>How many bytes of the storage are in use.</summary>
    public uint Length;

    [InlineArray(Capacity)]
    private struct Storage
    {
        private byte _first;
    }

    /// <summary>The storage itself, for a call that fills it.</summary>
    [UnscopedRef]
    public Span<byte> Bytes => _storage;

    /// <summary>AF_INET, AF_INET6, AF_UNIX; 0 when nothing is stored.</summary>
    public readonly int Family => Length < 2 ? 0 : _storage[0] | _storage[1] << 8;

    /// <summary>A sockaddr_in, or a sockaddr_in6 when the address is IPv6 or <paramref name="family"/> asks for one (mapped, RFC 4291 2.5.5.2).</summary>
    public static SocketAddress FromEndpoint(Endpoint endpoint, int family)
    {
        SocketAddress address = default;
        var bytes = address.Bytes;
        Span<byte> mapped = stackalloc byte[16];
        endpoint.Address.WriteMapped(mapped);
        bool v6 = family == AF_INET6 || !endpoint.Address.IsIPv4;
        BitConverter.TryWriteBytes(bytes, (ushort)(v6 ? AF_INET6 : AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
        if (v6)
            mapped.CopyTo(bytes[8..]);
        else
            mapped[12..].CopyTo(bytes[4..]);
        address.Length = v6 ? 28u : 16u;
        return address;
    }

    /// <summary>A sockaddr_un. A path that begins with @ lies in the abstract name space (unix(7)): no file is made.</summary>
    public static SocketAddress FromUnixPath(string path)
    {
        SocketAddress address = default;
        var bytes = address.Bytes;
        BitConverter.TryWriteBytes(bytes, (ushort)AF_UNIX);
        int length = Encoding.UTF8.GetBytes(path, bytes.Slice(2, MaxUnixPath));
        bool isAbstract = path.StartsWith('@');
        if (isAbstract)
            bytes[2] = 0;
        address.Length = (uint)(2 + length + (isAbstract ? 0 : 1));
        return address;
    }

    /// <summary>The IP address and port, if that is what is stored.</summary>
    public readonly bool TryGetEndpoint(out Endpoint endpoint)
    {
        ReadOnlySpan<byte> bytes = _storage;
        endpoint = default;
        if (Family == AF_INET && Length >= 16)
            endpoint = new Endpoint(IpAddress.FromBytes(bytes[4..8]), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        else if (Family == AF_INET6 && Length >= 28)
            endpoint = new Endpoint(IpAddress.FromBytes(bytes[8..24]), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        else
            return false;
        return true;
    }

    /// <summary>"127.0.0.1:8000", "[::1]:8000", "unix:/tmp/x", "unix:@name"; "" for no address.</summary>
    public override readonly string ToString()
    {
        if (TryGetEndpoint(out var endpoint))
            return endpoint.ToString();
        if (Family != AF_UNIX || Length <= 2)
            return "";
        ReadOnlySpan<byte> path = ((ReadOnlySpan<byte>)_storage)[2..(int)Math.Min(Length, Capacity)];
        return path[0] == 0 ? "unix:@" + Encoding.UTF8.GetString(path[1..]) : "unix:" + Encoding.UTF8.GetString(path.TrimEnd((byte)0));
    }
}
