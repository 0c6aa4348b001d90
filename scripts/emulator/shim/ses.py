"""SES: moto makes no DKIM tokens, tells times as text, keeps tags under another ARN, and knows no bounce domain."""

import json

from moto.ses.models import EmailIdentity
from moto.sesv2 import urls
from moto.sesv2.models import SESV2Backend
from moto.sesv2.responses import SESV2Response as Responses
from patch import action, around


urls.url_paths["{0}/v2/email/identities/(?P<EmailIdentity>[^/]+)/mail-from$"] = Responses.dispatch


@around(EmailIdentity, "__init__")
def signed(original, self, email_identity, *args, **kwargs):
    original(self, email_identity, *args, **kwargs)
    self.mail_from = {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
    self.dkim_attributes["Tokens"] = [f"{email_identity.replace('.', '-')}-{n}" for n in (1, 2, 3)]
    self.dkim_attributes["CurrentSigningKeyLength"] = self.dkim_attributes["NextSigningKeyLength"]
    if "LastKeyGenerationTimestamp" in self.dkim_attributes:
        self.dkim_attributes["LastKeyGenerationTimestamp"] = 1_700_000_000


@around(SESV2Backend, "create_email_identity")
def tagged(original, self, email_identity, tags, *args, **kwargs):
    arn = f"arn:aws:ses:{self.region_name}:{self.account_id}:identity/{email_identity}"
    self.core_backend.tagger.tag_resource(arn=arn, tags=tags or [])
    return original(self, email_identity, tags, *args, **kwargs)


@around(Responses, "get_email_identity")
def told(original, self):
    identity = self.sesv2_backend.get_email_identity(self._get_param("EmailIdentity"))
    return json.dumps({**json.loads(original(self)), "MailFromAttributes": identity.mail_from})


@action(Responses)
def put_email_identity_mail_from_attributes(self):
    identity = self.sesv2_backend.get_email_identity(self._get_param("EmailIdentity"))
    domain = self._get_param("MailFromDomain")
    identity.mail_from = {
        "BehaviorOnMxFailure": self._get_param("BehaviorOnMxFailure") or "USE_DEFAULT_VALUE",
        **({"MailFromDomain": domain, "MailFromDomainStatus": "SUCCESS"} if domain else {}),
    }
    return json.dumps({})
