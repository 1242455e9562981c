using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>An open capture of libpcap; closed with pcap_close.</summary>
public sealed class PcapHandle : SafeHandle
{
    /// <summary>No capture yet.</summary>
    public PcapHandle()
        : base(IntPtr.Zero, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Pcap.Close(handle);
        return true;
    }
}

/// <summary>struct pcap_pkthdr: the head of a captured packet.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PcapPacketHeader
{
    /// <summary>Seconds since the epoch.</summary>
    public long Seconds;

    /// <summary>Micro- or nanoseconds, as pcap_get_tstamp_precision tells.</summary>
    public long Fraction;

    /// <summary>Bytes that were captured.</summary>
    public uint CapturedLength;

    /// <summary>Bytes on the wire.</summary>
    public uint Length;
}

/// <summary>struct pcap_stat.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PcapStatistics
{
    /// <summary>Packets that passed the filter.</summary>
    public uint Received;

    /// <summary>Packets that the kernel dropped because its buffer was full.</summary>
    public uint Dropped;

    /// <summary>Packets that the interface dropped.</summary>
    public uint DroppedByInterface;
}

/// <summary>struct bpf_program.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BpfProgram
{
    /// <summary>How many instructions.</summary>
    public uint Length;

    /// <summary>Where they lie.</summary>
    public IntPtr Instructions;
}

/// <summary>libpcap, loaded when it is first asked for. Ask <see cref="IsAvailable"/> before anything else.</summary>
public static unsafe partial class Pcap
{
    private const string Library = "pcap";
    private const int ErrorBufferSize = 256;
    private static readonly string[] s_names = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];
    private static readonly Lazy<IntPtr> s_library = new(Load);

    static Pcap() =>
        NativeLibrary.SetDllImportResolver(typeof(Pcap).Assembly, (name, _, _) => name == Library ? s_library.Value : IntPtr.Zero);

    /// <summary>PCAP_TSTAMP_PRECISION_NANO.</summary>
    public const int NanosecondPrecision = 1;

    /// <summary>PCAP_ERROR_PERM_DENIED.</summary>
    public const int PermissionDenied = -8;

    /// <summary>PCAP_ERROR_NO_SUCH_DEVICE.</summary>
    public const int NoSuchDevice = -5;

    /// <summary>Whether libpcap is on this machine.</summary>
    public static bool IsAvailable => s_library.Value != IntPtr.Zero;

    /// <summary>pcap_create: a capture of an interface, not active yet.</summary>
    public static PcapHandle Create(string device, out string error)
    {
        byte* buffer = stackalloc byte[ErrorBufferSize];
        buffer[0] = 0;
        var handle = pcap_create(device, buffer);
        error = Marshal.PtrToStringUTF8((IntPtr)buffer) ?? "";
        return handle;
    }

    /// <summary>pcap_open_dead: no capture, but a filter can be compiled for it.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_open_dead")]
    public static partial PcapHandle OpenDead(int linkType, int snapLength);

    /// <summary>pcap_set_snaplen, in bytes.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_set_snaplen")]
    public static partial int SetSnapLength(PcapHandle handle, int length);

    /// <summary>pcap_set_immediate_mode: packets are delivered as they come.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_set_immediate_mode")]
    public static partial int SetImmediateMode(PcapHandle handle, int on);

    /// <summary>pcap_set_timeout: how long packets may wait for others before they are delivered together, in milliseconds.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_set_timeout")]
    public static partial int SetTimeout(PcapHandle handle, int milliseconds);

    /// <summary>pcap_set_promisc.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_set_promisc")]
    public static partial int SetPromiscuous(PcapHandle handle, int on);

    /// <summary>pcap_set_buffer_size: the kernel's buffer, in bytes.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_set_buffer_size")]
    public static partial int SetBufferSize(PcapHandle handle, int bytes);

    /// <summary>pcap_set_tstamp_precision.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_set_tstamp_precision")]
    public static partial int SetTimestampPrecision(PcapHandle handle, int precision);

    /// <summary>pcap_get_tstamp_precision.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_get_tstamp_precision")]
    public static partial int TimestampPrecision(PcapHandle handle);

    /// <summary>pcap_activate: 0, a warning above 0, or an error below.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_activate")]
    public static partial int Activate(PcapHandle handle);

    /// <summary>pcap_datalink: the DLT_ value.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_datalink")]
    public static partial int LinkType(PcapHandle handle);

    /// <summary>pcap_compile.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_compile", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Compile(PcapHandle handle, out BpfProgram program, string filter, int optimize, uint netmask);

    /// <summary>pcap_setfilter.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_setfilter")]
    public static partial int SetFilter(PcapHandle handle, in BpfProgram program);

    /// <summary>pcap_freecode.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_freecode")]
    public static partial void FreeCode(ref BpfProgram program);

    /// <summary>pcap_setnonblock.</summary>
    public static int SetNonBlocking(PcapHandle handle)
    {
        byte* buffer = stackalloc byte[ErrorBufferSize];
        return pcap_setnonblock(handle, 1, buffer);
    }

    /// <summary>pcap_get_selectable_fd.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_get_selectable_fd")]
    public static partial int SelectableDescriptor(PcapHandle handle);

    /// <summary>pcap_next_ex without a copy: the packet lies in libpcap's buffer until the next call.</summary>
    /// <returns>1 for a packet, 0 for none now, below 0 for an error.</returns>
    public static int Next(PcapHandle handle, out PcapPacketHeader header, out ReadOnlySpan<byte> bytes)
    {
        int result = pcap_next_ex(handle, out var head, out byte* data);
        header = result == 1 ? *head : default;
        bytes = result == 1 ? new ReadOnlySpan<byte>(data, (int)header.CapturedLength) : default;
        return result;
    }

    /// <summary>pcap_stats.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_stats")]
    public static partial int Statistics(PcapHandle handle, out PcapStatistics statistics);

    /// <summary>pcap_geterr: what went wrong last, in libpcap's words.</summary>
    public static string LastError(PcapHandle handle) => Marshal.PtrToStringUTF8(pcap_geterr(handle)) ?? "";

    /// <summary>pcap_statustostr.</summary>
    public static string StatusText(int status) => Marshal.PtrToStringUTF8(pcap_statustostr(status)) ?? "";

    internal static void Close(IntPtr handle) => pcap_close(handle);

    private static IntPtr Load()
    {
        foreach (string name in s_names)
        {
            if (NativeLibrary.TryLoad(name, typeof(Pcap).Assembly, DllImportSearchPath.SafeDirectories, out var library))
                return library;
        }

        return IntPtr.Zero;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial PcapHandle pcap_create(string device, byte* error);

    [LibraryImport(Library)]
    private static partial int pcap_setnonblock(PcapHandle handle, int nonblock, byte* error);

    [LibraryImport(Library)]
    private static partial int pcap_next_ex(PcapHandle handle, out PcapPacketHeader* header, out byte* data);

    [LibraryImport(Library)]
    private static partial IntPtr pcap_geterr(PcapHandle handle);

    [LibraryImport(Library)]
    private static partial IntPtr pcap_statustostr(int status);

    [LibraryImport(Library)]
    private static partial void pcap_close(IntPtr handle);
}
