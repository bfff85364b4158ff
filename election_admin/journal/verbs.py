"""What each verb of the journal is called on screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, Promise] = {
    "accounts.change_password": _("修改密码"),
    "accounts.log_in": _("登录"),
    "accounts.open_account": _("建立账号"),
    "accounts.set_account_active": _("停用或启用账号"),
    "ballots.follow_step": _("自动登记程序步骤"),
    "ballots.record_step": _("登记程序步骤"),
    "ballots.undo_step": _("撤销程序步骤"),
    "candidates.change_state": _("变更候选人状态"),
    "candidates.correct_candidate": _("更正候选人信息"),
    "candidates.look": _("查看加密材料"),
    "candidates.record_candidate": _("登记候选人"),
    "candidates.record_finding": _("记录认定材料"),
    "candidates.reply": _("部门联审答复"),
    "candidates.withdraw_finding": _("撤销认定材料"),
    "documents.cancel_document": _("取消生成文件"),
    "documents.fail_document": _("文件生成失败"),
    "documents.finish_document": _("文件已生成"),
    "documents.request_document": _("生成文件"),
    "documents.retry_document": _("重新生成文件"),
    "places.import_places": _("导入地区"),
    "places.load_demo": _("载入演示数据"),
    "villages.approve_plan": _("批准处置预案"),
    "villages.decide_rating": _("审定风险评级"),
    "villages.open_term": _("建立换届"),
    "villages.publish_audit": _("登记审计结果公布"),
    "villages.record_audit": _("填写审计情况"),
    "villages.record_dispute": _("登记纠纷"),
    "villages.record_profile": _("填写村情档案"),
    "villages.record_survey": _("填写村情调查"),
    "villages.return_plan": _("退回处置预案"),
    "villages.set_election_day": _("确定选举日"),
    "villages.settle_dispute": _("登记纠纷化解"),
    "villages.submit_plan": _("上报处置预案"),
    "villages.write_plan": _("编写处置预案"),
}
