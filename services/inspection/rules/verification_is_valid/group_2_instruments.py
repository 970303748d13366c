"""The instruments of group 2 and their verification periods: TT 23/2013/TT-BKHCN Art. 4(1), amended by TT 07/2019/TT-BKHCN.

The line for railway tank wagons (item 27) is missing in the copy this was typed from.
"""

from __future__ import annotations

import msgspec


class Instrument(msgspec.Struct, frozen=True):
    """A line of the list: item number, Vietnamese name, verification period in months; none after the initial one."""

    item: int
    vi: str
    months: int | None


# The names are those of ``instrument_type`` in ``metrology.instrument_checked``; stored, so never renamed.
GROUP_2: dict[str, Instrument] = {
    "tape_measure": Instrument(1, "Thước cuộn", None),
    "electro_optical_distance_meter": Instrument(1, "Phương tiện đo khoảng cách quang điện", 12),
    "water_bottom_depth_meter": Instrument(1, "Phương tiện đo độ sâu đáy nước", 12),
    "underground_works_depth_meter": Instrument(1, "Phương tiện đo độ sâu công trình ngầm", 24),
    "taximeter": Instrument(2, "Taximet", 18),
    "traffic_speed_meter": Instrument(3, "Phương tiện đo kiểm tra tốc độ phương tiện giao thông", 24),
    "levelling_instrument": Instrument(4, "Phương tiện đo thủy chuẩn", 12),
    "total_station": Instrument(5, "Toàn đạc điện tử", 12),
    "analytical_balance": Instrument(6, "Cân phân tích", 12),
    "technical_balance": Instrument(7, "Cân kỹ thuật", 12),
    "spring_scale": Instrument(8, "Cân đồng hồ lò xo", 24),
    "platform_scale": Instrument(8, "Cân bàn", 12),
    "dish_scale": Instrument(8, "Cân đĩa", 12),
    "hanging_scale": Instrument(8, "Cân treo dọc thép-lá đề", 12),
    "crane_scale": Instrument(9, "Cân treo móc cẩu", 12),
    "truck_scale": Instrument(10, "Cân ô tô", 12),
    "truck_scale_for_load_control": Instrument(11, "Cân ô tô chuyên dùng kiểm tra tải trọng xe cơ giới", 24),
    "static_rail_scale": Instrument(12, "Cân tàu hỏa tĩnh", 12),
    "in_motion_rail_scale": Instrument(13, "Cân tàu hỏa động", 24),
    "belt_conveyor_scale": Instrument(14, "Cân băng tải", 12),
    "vehicle_load_control_scale": Instrument(15, "Cân kiểm tra tải trọng xe cơ giới", 12),
    "weight_class_e2": Instrument(16, "Quả cân cấp chính xác E2", 24),
    "weight_up_to_class_f1": Instrument(16, "Quả cân cấp chính xác đến F1", 12),
    "tension_compression_tester": Instrument(17, "Phương tiện thử độ bền kéo nén", 12),
    "torque_meter": Instrument(18, "Phương tiện đo mô men lực", 12),
    "fuel_dispenser": Instrument(19, "Cột đo xăng dầu", 12),
    "lpg_dispenser": Instrument(20, "Cột đo khí dầu mỏ hóa lỏng", 12),
    "cold_water_meter_mechanical": Instrument(21, "Đồng hồ đo nước lạnh cơ khí", 60),
    "cold_water_meter_electronic": Instrument(21, "Đồng hồ đo nước lạnh có cơ cấu điện tử", 36),
    "fuel_meter": Instrument(22, "Đồng hồ đo xăng dầu", 12),
    "lpg_meter": Instrument(23, "Đồng hồ đo khí dầu mỏ hóa lỏng", 12),
    "industrial_gas_meter": Instrument(23, "Đồng hồ đo khí công nghiệp", 36),
    "household_gas_meter_below_16_m3_h": Instrument(23, "Đồng hồ đo khí dân dụng Qmax < 16 m3/h", 60),
    "household_gas_meter_from_16_m3_h": Instrument(23, "Đồng hồ đo khí dân dụng Qmax ≥ 16 m3/h", 36),
    "common_volume_measure": Instrument(24, "Phương tiện đo dung tích thông dụng", 24),
    "pipette": Instrument(25, "Pipet", 24),
    "fixed_tank": Instrument(26, "Bể đong cố định", 60),
    "tank_truck": Instrument(27, "Xi téc ô tô", 12),
    "automatic_fuel_level_gauge": Instrument(28, "Phương tiện đo mức xăng dầu tự động", 12),
    "water_flow_velocity_meter": Instrument(29, "Phương tiện đo vận tốc dòng chảy của nước", 24),
    "wind_speed_meter": Instrument(30, "Phương tiện đo vận tốc gió", 24),
    "pressure_gauge": Instrument(31, "Áp kế: áp kế lò xo; áp kế điện tử; baromet", 12),
    "sphygmomanometer": Instrument(32, "Huyết áp kế gồm: huyết áp kế thủy ngân; huyết áp kế lò xo; huyết áp kế điện tử", 12),
    "liquid_in_glass_thermometer": Instrument(
        33,
        "Nhiệt kế: nhiệt kế thủy tinh-chất lỏng; "
        "nhiệt kế thủy tinh-rượu có cơ cấu cực tiểu; nhiệt kế thủy tinh-thủy ngân có cơ cấu cực đại",
        24,
    ),
    "clinical_mercury_thermometer": Instrument(34, "Nhiệt kế y học thủy tinh-thủy ngân có cơ cấu cực đại", None),
    "clinical_electronic_contact_thermometer": Instrument(34, "Nhiệt kế y học điện tử tiếp xúc có cơ cấu cực đại", 6),
    "clinical_infrared_thermometer": Instrument(34, "Nhiệt kế y học điện tử bức xạ hồng ngoại", 12),
    "grain_moisture_meter": Instrument(35, "Phương tiện đo độ ẩm hạt nông sản", 12),
    "air_temperature_and_humidity_meter": Instrument(36, "Phương tiện đo nhiệt độ, độ ẩm không khí", 24),
    "hydrometer": Instrument(37, "Tỷ trọng kế", 24),
    "exhaust_dust_meter": Instrument(38, "Phương tiện đo hàm lượng bụi trong khí thải", 12),
    "ambient_dust_meter": Instrument(38, "Phương tiện đo hàm lượng bụi trong không khí", 12),
    "breath_alcohol_meter": Instrument(39, "Phương tiện đo nồng độ cồn trong hơi thở", 12),
    "exhaust_gas_meter": Instrument(40, "Phương tiện đo nồng độ các khí trong khí thải", 12),
    "ambient_gas_meter": Instrument(40, "Phương tiện đo nồng độ các khí trong không khí", 12),
    "surface_water_meter": Instrument(41, "Phương tiện đo các thông số của nước trong nước mặt", 12),
    "waste_water_meter": Instrument(41, "Phương tiện đo các thông số của nước trong nước thải", 12),
    "salt_moisture_meter": Instrument(42, "Phương tiện đo độ ẩm muối", 12),
    "electricity_meter_1_phase_induction": Instrument(43, "Công tơ điện xoay chiều 1 pha kiểu cảm ứng", 60),
    "electricity_meter_1_phase_electronic": Instrument(43, "Công tơ điện xoay chiều 1 pha kiểu điện tử", 72),
    "electricity_meter_3_phase_induction": Instrument(43, "Công tơ điện xoay chiều 3 pha kiểu cảm ứng", 48),
    "electricity_meter_3_phase_electronic": Instrument(43, "Công tơ điện xoay chiều 3 pha kiểu điện tử", 36),
    "measuring_current_transformer": Instrument(44, "Biến dòng đo lường", 60),
    "measuring_voltage_transformer": Instrument(45, "Biến áp đo lường", 60),
    "insulation_resistance_meter": Instrument(46, "Phương tiện đo điện trở cách điện", 12),
    "earth_resistance_meter": Instrument(47, "Phương tiện đo điện trở tiếp đất", 12),
    "blasting_cap_ohmmeter": Instrument(48, "Phương tiện đo điện trở kíp mìn", 6),
    "electric_field_strength_meter": Instrument(49, "Phương tiện đo cường độ điện trường", 12),
    "electrocardiograph": Instrument(50, "Phương tiện đo điện tim", 24),
    "electroencephalograph": Instrument(51, "Phương tiện đo điện não", 24),
    "sound_level_meter": Instrument(52, "Phương tiện đo độ ồn", 12),
    "vibration_meter": Instrument(53, "Phương tiện đo rung động", 12),
    "illuminance_meter": Instrument(54, "Phương tiện đo độ rọi", 12),
    "luminance_meter": Instrument(55, "Phương tiện đo độ chói", 12),
    "ultraviolet_energy_meter": Instrument(56, "Phương tiện đo năng lượng tử ngoại", 12),
    "atomic_absorption_spectrometer": Instrument(57, "Phương tiện đo quang phổ hấp thụ nguyên tử", 12),
    "ultraviolet_visible_spectrometer": Instrument(57, "Phương tiện đo quang phổ tử ngoại - khả kiến", 12),
    "laser_power_meter": Instrument(58, "Phương tiện đo công suất laser", 12),
    "focimeter": Instrument(59, "Phương tiện đo tiêu cự kính mắt", 12),
    "eye_refractometer": Instrument(60, "Phương tiện đo độ khúc xạ mắt", 12),
    "trial_lens": Instrument(61, "Thấu kính đo thị lực", 12),
    "sugar_polarimeter": Instrument(62, "Phương tiện đo độ phân cực xác định hàm lượng đường (độ Pol)", 12),
    "sugar_refractometer": Instrument(63, "Phương tiện đo độ khúc xạ xác định hàm lượng đường (độ Brix)", 12),
    "rain_gauge": Instrument(64, "Phương tiện đo lượng mưa", 24),
    "water_level_gauge": Instrument(65, "Phương tiện đo mực nước", 24),
    "hydrometeorological_station": Instrument(66, "Phương tiện đo tự động liên tục các thông số khí tượng thủy văn", 24),
    "theodolite": Instrument(67, "Phương tiện đo kinh vĩ", 12),
    "satellite_positioning_instrument": Instrument(68, "Phương tiện đo định vị bằng vệ tinh", 12),
}
