using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>An interface as libpcap lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, in libpcap's words; empty for most.</param>
/// <param name="Flags">PCAP_IF_ flags.</param>
/// <param name="Addresses">Its IPv4 and IPv6 addresses.</param>
internal sealed record PcapDevice(string Name, string Description, uint Flags, IReadOnlyList<IpAddress> Addresses);

/// <summary>pcap_findalldevs: the interfaces of this network namespace.</summary>
internal static unsafe partial class PcapDevices
{
    internal const uint Loopback = 0x1;
    internal const uint Up = 0x2;
    internal const uint Running = 0x4;
    internal const uint Wireless = 0x8;
    private const ushort InterNetwork = 2, InterNetwork6 = 10; // AF_INET, AF_INET6
    private const int ErrorBufferSize = 256;

    /// <summary>Lists them; null with libpcap's words where it cannot.</summary>
    internal static IReadOnlyList<PcapDevice>? List(out string error)
    {
        byte* buffer = stackalloc byte[ErrorBufferSize];
        buffer[0] = 0;
        int status = pcap_findalldevs(out var first, buffer);
        error = Marshal.PtrToStringUTF8((IntPtr)buffer) ?? "";
        if (status != 0)
            return null;
        var devices = new List<PcapDevice>();
        for (var device = (Device*)first; device is not null; device = device->Next)
        {
            devices.Add(new PcapDevice(Marshal.PtrToStringUTF8(device->Name) ?? "", Marshal.PtrToStringUTF8(device->Description) ?? "", device->Flags,
                Addresses(device->Addresses)));
        }

        pcap_freealldevs(first);
        return devices;
    }

    private static List<IpAddress> Addresses(Address* address)
    {
        var addresses = new List<IpAddress>();
        for (; address is not null; address = address->Next)
        {
            if (address->Socket is null)
                continue;
            ushort family = *(ushort*)address->Socket;
            if (family == InterNetwork)
                addresses.Add(IpAddress.FromBytes(new ReadOnlySpan<byte>(address->Socket + 4, 4)));
            else if (family == InterNetwork6)
                addresses.Add(IpAddress.FromBytes(new ReadOnlySpan<byte>(address->Socket + 8, 16)));
        }

        return addresses;
    }

    [LibraryImport("pcap")]
    private static partial int pcap_findalldevs(out IntPtr first, byte* error);

    [LibraryImport("pcap")]
    private static partial void pcap_freealldevs(IntPtr first);

    // struct pcap_if.
    [StructLayout(LayoutKind.Sequential)]
    private struct Device
    {
        internal Device* Next;
        internal IntPtr Name;
        internal IntPtr Description;
        internal Address* Addresses;
        internal uint Flags;
    }

    // struct pcap_addr.
    [StructLayout(LayoutKind.Sequential)]
    private struct Address
    {
        internal Address* Next;
        internal byte* Socket;
        internal IntPtr Netmask;
        internal IntPtr Broadcast;
        internal IntPtr Destination;
    }
}
